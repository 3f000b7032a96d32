"""Good news home in twenty seconds: a named strength and a sentence."""
