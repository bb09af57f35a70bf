"""The declared roles, users and groups: their names, and the policies that apply to them."""
