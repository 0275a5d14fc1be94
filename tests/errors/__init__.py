"""One smallest report folder per rule, and what the program says about it."""
