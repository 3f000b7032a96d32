"""The class page: half a page each half-term, written by staff and read by families and the child."""
