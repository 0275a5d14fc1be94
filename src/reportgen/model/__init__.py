"""What an organ reports, free of presentation."""
