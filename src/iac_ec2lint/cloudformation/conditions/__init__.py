"""Conditions: what they come to, and their words."""
