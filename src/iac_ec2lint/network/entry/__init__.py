"""Ways from an internet gateway to an interface."""
