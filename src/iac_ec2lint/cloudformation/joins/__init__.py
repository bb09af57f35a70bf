"""What a stack has of others: exports, parameters that they write, nested stacks."""
