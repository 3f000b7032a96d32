"""Good news: a named strength and a sentence, to every home."""
