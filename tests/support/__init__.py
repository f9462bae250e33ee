"""What many tests stand on: small worlds, runs, servers."""
