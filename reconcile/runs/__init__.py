"""Runs: from the configuration to a result, and what it owes to earlier ones."""
