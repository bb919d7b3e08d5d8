"""
Terraform against the sandbox: the stacks that it runs, what it expects to find, and its runs.
"""
