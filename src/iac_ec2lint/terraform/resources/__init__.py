"""Resources and data sources: their instances, and what is certain of their attributes."""
