"""One stack, evaluated on demand."""
