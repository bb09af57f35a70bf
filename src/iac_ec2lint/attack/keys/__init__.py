"""Key pairs that open more than one host."""
