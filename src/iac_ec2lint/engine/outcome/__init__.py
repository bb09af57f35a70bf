"""What the checks come to over graphs, and how that is told once."""
