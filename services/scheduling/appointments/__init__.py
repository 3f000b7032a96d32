"""What families book: who holds a slot, who comes to an appointment, and what became of it."""
