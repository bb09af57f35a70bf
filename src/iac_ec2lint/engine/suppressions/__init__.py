"""Suppressions and acceptances: what they cover, and what is wrong with them."""
