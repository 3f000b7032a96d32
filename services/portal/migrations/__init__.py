"""The history of the portal's tables."""

# For chassis.migrate: read across schools when somebody signs in.
TRUST_TABLES = ("memberships", "school_names", "permissions")
