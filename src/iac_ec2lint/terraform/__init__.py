"""Terraform and OpenTofu: from folders of ``.tf`` files to declarations."""
