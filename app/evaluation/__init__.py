"""Numbers out of answers: pure functions on columns, moments and trees."""
