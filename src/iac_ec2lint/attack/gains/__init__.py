"""What principals gain from others than instances."""
