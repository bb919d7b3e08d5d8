"""Which roles a workflow run may assume, and why not the others."""
