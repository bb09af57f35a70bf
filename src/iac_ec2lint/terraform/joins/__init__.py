"""What one root module reads of what another one of the same scan writes."""
