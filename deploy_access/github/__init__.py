"""What a workflow run shows to AWS, from whatever says it."""
