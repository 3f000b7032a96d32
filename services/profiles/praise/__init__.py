"""Good news: a named strength and a sentence, from school, home or the child, to whoever may hear of it."""
