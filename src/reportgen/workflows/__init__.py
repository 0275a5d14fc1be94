"""What the commands do beyond check and build, each a thin composition of the other layers."""
