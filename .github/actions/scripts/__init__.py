"""The calls of the actions to GitHub's API, with the standard library only: nothing to install."""
