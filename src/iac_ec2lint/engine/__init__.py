"""Checks and findings: what a check is, how checks are found and run, what becomes of verdicts."""
