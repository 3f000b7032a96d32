"""Plans of evenings: all wishes become a whole timetable at once, and lost times are mended with the fewest changes."""
