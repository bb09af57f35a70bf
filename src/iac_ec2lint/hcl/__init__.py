"""HCL: text to syntax tree. Two parsers and the JSON syntax produce the same tree."""
