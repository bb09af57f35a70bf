"""YAML and JSON text as one tree with spans. It knows nothing of templates."""
