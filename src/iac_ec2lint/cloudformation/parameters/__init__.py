"""Parameters and pseudo parameters: what is given, and what it comes to."""
