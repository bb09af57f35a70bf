"""The scripts that run at launch, and what they say and do."""
