"""Who waits for a time of a teacher, and the offers that are made to them when one becomes free."""
