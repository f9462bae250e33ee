"""Where SQL runs. DuckDB, in a file under the run's own temporary folder; nothing is left behind."""
