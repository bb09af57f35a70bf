"""What a template says as it is written: its sections, and what is told before any value is."""
