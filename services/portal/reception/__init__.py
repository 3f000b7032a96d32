"""Reception's page, made for a tablet at the door."""
