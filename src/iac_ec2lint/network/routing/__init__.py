"""Where routes lead, in both directions, and what lies between."""
