"""YAML and JSON text as one tree with spans. Knows no template."""
