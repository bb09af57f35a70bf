"""Roles, users and groups themselves: names, tags, limits and what may be made of them."""
