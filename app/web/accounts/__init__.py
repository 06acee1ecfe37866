"""Signing in and out, the language, and the page where an account starts."""
