"""The history of the portal's tables."""

TRUST_TABLES = ("memberships", "school_names")  # for chassis.migrate: read across schools when somebody signs in
