"""Answers about attack paths: who reaches, takes and gains what; checks word the verdicts."""
