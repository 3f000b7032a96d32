"""The deployment files: valid, safe, and every command in them exists."""
