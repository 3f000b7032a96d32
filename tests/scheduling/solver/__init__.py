"""The solver of parents' evenings, held against a checker, peers and an exhaustive search without its code."""
