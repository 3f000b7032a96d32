"""The child's own pages."""
