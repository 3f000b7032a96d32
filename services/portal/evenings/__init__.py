"""A parent at a parents' evening: whom to see, which times are free, booking and giving back."""
