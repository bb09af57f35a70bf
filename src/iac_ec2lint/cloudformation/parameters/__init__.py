"""Parameters and pseudo parameters: the values given, and the values that they have."""
