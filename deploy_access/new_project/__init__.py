"""A new project: an `environments.toml` with one of each, and what stands around it."""
