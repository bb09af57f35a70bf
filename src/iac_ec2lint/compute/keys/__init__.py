"""Key pairs: their halves, whose they are, and where they go; and the keys of disks."""
