"""StatBank's API: the municipality's part of a table fetched, checked, stored with its date, and compared."""
