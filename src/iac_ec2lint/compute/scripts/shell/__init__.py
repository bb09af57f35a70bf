"""Scripts of a shell, read as the shell reads them; nothing of them is run."""
