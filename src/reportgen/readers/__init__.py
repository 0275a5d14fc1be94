"""A report folder read: data, narrative and screenshots become the model with their places."""
