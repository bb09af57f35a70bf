"""The attack graph as a picture, and as data for other tools."""
