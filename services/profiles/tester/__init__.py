"""What would this adult see, get and be able to do, and why: answered by the function that enforces."""
