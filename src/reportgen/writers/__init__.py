"""Writers: a document (and, where pages matter, its pagination) to the bytes of one format."""
