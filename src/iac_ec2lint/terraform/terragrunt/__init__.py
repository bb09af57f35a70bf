"""Terragrunt: what its configurations deploy, and the inputs that they deploy it with.

Nothing of it is run: commands, decrypted files, environment variables and what other units have
applied are unknown.
"""
