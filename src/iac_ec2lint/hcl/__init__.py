"""HCL: text to syntax tree. Two parsers, one tree; JSON syntax comes to the same bodies."""
