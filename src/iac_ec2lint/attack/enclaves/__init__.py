"""Parents of Nitro Enclaves: what exposes them, and the keys that they use."""
