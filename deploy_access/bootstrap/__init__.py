"""What an account needs before its first stack."""
