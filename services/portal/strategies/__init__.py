"""What we're trying: strategies as parents, staff and the child find them."""
