"""The forms against the published notices and reports."""
