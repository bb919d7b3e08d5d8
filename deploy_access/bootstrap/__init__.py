"""The bucket and the roles that an account needs before its first stack."""
