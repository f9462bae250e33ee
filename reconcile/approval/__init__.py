"""The quarterly approval: readiness, decisions in an append-only log, and whether they still stand."""
