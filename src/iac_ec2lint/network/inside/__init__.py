"""Ways from one interface to another inside networks."""
