"""Two entries of one adult: found, looked at, and merged without widening any right."""
