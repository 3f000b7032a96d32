"""The platform as trust IT sees it."""
