"""What stands at the ports: one module each for Kafka, a log in SQLite, mail, and HTTP to others."""
