"""What access grew or shrank between two readings."""
