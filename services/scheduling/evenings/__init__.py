"""Parents' evenings: their slots, and the appointments that families book in them."""
