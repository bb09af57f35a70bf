"""Cuts: the fewest changes that break all attack paths, tried on the text in memory."""
