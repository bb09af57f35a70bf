"""Policy documents, and what they come to: pure questions over values."""
