"""Whom the trust policies of roles admit."""
