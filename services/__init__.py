"""The deployables: three services and the shared portal. None imports another."""
