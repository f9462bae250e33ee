"""reconcile.toml as models that describe themselves."""
