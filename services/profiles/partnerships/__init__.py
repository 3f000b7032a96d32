"""The partnership loop: what goes well, what worries, what each will try, when to look again, and how it closes."""
