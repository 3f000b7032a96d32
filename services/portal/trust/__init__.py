"""Trust IT: how each school is doing in each service, and what could not be handled."""
