"""Secrets: password hashing, access codes, keyed digests, sealing."""
