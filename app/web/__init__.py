"""Pages, by who comes in: participants, coordinators, evaluators, and accounts."""
