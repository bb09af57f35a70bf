"""Secrets in scripts: what is written, what is put in, and what a host is launched with."""
