"""Published files → the same tables, recognised by their labels."""
