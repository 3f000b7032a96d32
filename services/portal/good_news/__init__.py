"""Good news about a child, for a parent and for the child: read, written, and kept on one page."""
