"""First come, first served: a compact evening for one adult, held for five minutes while they make up their mind."""
