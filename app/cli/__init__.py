"""Commands of operators and developers, and the worker."""
