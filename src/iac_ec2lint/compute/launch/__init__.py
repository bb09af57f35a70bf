"""What instances are launched with, and whether there are any."""
