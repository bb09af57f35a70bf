"""The attack graph: what leads on to what, in any number of hops, and what breaks it."""
