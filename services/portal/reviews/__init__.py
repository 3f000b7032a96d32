"""Reviews: choosing a time to look again together, and a teacher's good hours."""
