"""Numbers out of answers: scores, estimates, composites, comparison, disclosure control."""
