"""The rules about who may assume a role. The constructs refuse with them, `audit` reports them."""
