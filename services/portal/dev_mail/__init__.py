"""Mail written to a folder, on a machine without a mail server."""
