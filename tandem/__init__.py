"""The operator's command line of the platform."""
