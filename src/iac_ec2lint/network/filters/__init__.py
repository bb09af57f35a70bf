"""Security group rules and network ACLs as sets of traffic."""
