"""What is wished of an evening: by teachers (please come, no need this time), and by each adult of each child."""
