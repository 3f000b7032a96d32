"""The plan of an evening: the office has it made, looks at it and publishes it, and mends it; families read why."""
