"""Files and places in them: reading, spans, discovery, the boundary. Knows no language."""
