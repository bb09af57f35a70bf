"""What answers each command: scan, reach, graph, values."""
