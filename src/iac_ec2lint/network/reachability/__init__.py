"""The questions that commands and checks ask: who reaches what."""
