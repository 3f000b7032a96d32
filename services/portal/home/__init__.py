"""Home: all children of a family in all their schools, and what needs somebody."""
