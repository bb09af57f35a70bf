"""VPCs, subnets, gateways and route tables, each by itself."""
