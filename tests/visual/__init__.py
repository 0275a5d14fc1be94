"""Pages looked at: as pictures held against references, and as sheets for people."""
