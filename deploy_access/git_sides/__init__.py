"""The two sides of a review, synthesized from a git repository by the programs of both."""
