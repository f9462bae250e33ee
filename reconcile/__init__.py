"""reconcile: 8-tals kontrol, ydelsesrefusion and HAND07 for Danish municipalities."""

__version__ = "0.1.0"
