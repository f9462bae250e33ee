"""The controls: canonical tables in, results out. No files, no terminal, no templates."""
