"""One command a file: each parses, calls, prints; what it decides is decided elsewhere."""
