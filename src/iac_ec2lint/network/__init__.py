"""Who can reach what: address sets, port sets, traffic sets, and the questions over the graph."""
