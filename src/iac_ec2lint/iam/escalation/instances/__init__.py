"""Instances: who controls those that are there, and who starts them with what."""
