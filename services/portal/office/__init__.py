"""The school office: families and their rights, rosters, parents' evenings."""
