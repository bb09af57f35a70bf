"""RE2's regular expressions, as Terraform's regex functions have them."""
