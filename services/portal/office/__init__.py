"""The school office's pages."""
