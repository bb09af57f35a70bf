"""What a person can say that would decide what is undecided, the most useful first."""
