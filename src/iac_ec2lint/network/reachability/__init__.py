"""Reachability, as commands and checks ask for it: who reaches what."""
