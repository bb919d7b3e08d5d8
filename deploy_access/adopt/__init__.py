"""What exists already on AWS, as entries of `environments.toml` that take it over."""
