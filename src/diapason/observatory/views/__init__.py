"""The observatory's pages."""
