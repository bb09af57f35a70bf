"""Terragrunt: what its configurations deploy, and the inputs that they deploy it with.

Nothing of it is run: commands, decrypted files and environment variables are unknown. What a
dependency has applied is what the configuration that it names deploys (``joins.dependencies``).
"""
