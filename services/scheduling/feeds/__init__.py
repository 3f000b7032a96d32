"""Calendar feeds: an adult's appointments, in their own calendar, by a link that nobody can guess."""
