"""What we hold about a child and who opened it: for an adult to see, and, once reviewed, to take away."""
