"""What the commands that answer a question tell: ``reach``, ``values`` and ``cut``."""
