"""What services do with a role for somebody: by what is there, or by what they are passed."""
