"""Terraform's expression language: values, types, operators, templates."""
