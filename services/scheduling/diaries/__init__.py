"""Where teachers and adults are: everybody is at one place at a time, whatever they are there for."""
