"""Typed EC2 resources. One file a resource type: its fields, and how each language spells them."""
