"""How school is going: notes from each teacher, what is answered, and the list from which they are written."""
