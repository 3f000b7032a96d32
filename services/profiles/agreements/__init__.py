"""The home-school agreement: what each promises, agreed by each for themselves, a condition of nothing."""
