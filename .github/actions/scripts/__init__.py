"""What the actions do with GitHub's API; standard library only, so that nothing is installed."""
