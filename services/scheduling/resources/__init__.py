"""What families need and the school has a limited number of: interpreters, BSL, step-free rooms, crèche places."""
