"""Together: what goes well, what worries us, what each will try, when we look again, and how it closes."""
