"""What an organ reports."""
