"""What questionnaires, answers, paths, territories and frameworks are; standard library only."""
