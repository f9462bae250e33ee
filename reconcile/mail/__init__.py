"""The letter that carries a report, and how it is sent."""
