"""What is recorded of the calls of an account, and who is told: trails, alarms, log groups."""
