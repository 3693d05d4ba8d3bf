"""argosy: CI without a CI server."""

__version__ = "0.1.0"
