"""Time and memory of this library against the stock import and a native Node program."""
