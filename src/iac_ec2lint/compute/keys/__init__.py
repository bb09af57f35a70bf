"""Key pairs: their private and public halves, whose they are, and where they go."""
