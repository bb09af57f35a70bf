"""What a change of a repository introduces: two trees of git, judged and compared."""
