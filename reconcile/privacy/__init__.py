"""Persons: pseudonyms and the secret key."""
