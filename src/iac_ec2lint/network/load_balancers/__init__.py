"""Ways through load balancers to their targets."""
