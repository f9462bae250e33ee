"""Rules are data: an entry in ``expectations/`` with an SQL condition over a view. See docs/regler.md."""
