"""Reception: may this adult collect this child, or come in with them? Yes, or a colleague is fetched; never why."""
