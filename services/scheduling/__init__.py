"""When and where we meet: parents' evenings, appointments and calendar feeds."""
