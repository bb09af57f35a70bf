"""The instance metadata service: what each option comes to, and what decides it."""
