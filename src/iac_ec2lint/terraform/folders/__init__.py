"""What stands in a folder of .tf files, before any of it is evaluated."""
