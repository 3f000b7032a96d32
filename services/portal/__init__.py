"""The shared portal: accounts, sign-in and pages; it owns no school data."""
