"""The plan of a parents' evening: everyone's wishes in, a whole timetable out. Pure and seeded."""
