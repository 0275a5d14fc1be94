"""The document as a tree, free of any output format."""
