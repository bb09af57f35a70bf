"""What the conditions of expressions and validations say of values, and in words."""
