"""Terraform's stacks, plans and expressions, and what they say about access."""
