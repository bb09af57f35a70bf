"""The modules of a root module: instances, calls, and what they declare beside resources."""
