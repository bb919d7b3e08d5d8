"""GitHub Actions workflows that fit the roles: read, plan, check, render."""
