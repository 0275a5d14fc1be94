"""What makes the files that are generated and shipped; nothing here runs in the program."""
