"""What Terraform would create, replace or destroy between two readings."""
