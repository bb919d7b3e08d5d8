"""What Terraform would do to the resources of each stack: create, update, replace or destroy."""
