"""What a verdict on reachability is made of: ways, hops, and what is missing."""
