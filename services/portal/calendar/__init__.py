"""A family's calendar: what is ahead in all schools, and a private link for their own calendar."""
