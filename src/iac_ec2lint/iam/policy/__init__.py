"""Policy documents and their statements: what they match, in three values."""
