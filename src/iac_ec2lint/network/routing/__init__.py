"""Where routes lead, in both directions, and what stands on the way."""
