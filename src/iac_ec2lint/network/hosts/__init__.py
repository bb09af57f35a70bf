"""Workloads, load balancers and endpoints, with their interfaces and addresses."""
