"""Who takes control of hosts, and gains their roles."""
