"""Where the internet gets in, and what findings say of it."""
