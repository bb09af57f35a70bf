"""What a change brings: as a comment on its pull request, and as a verdict."""
