"""Writers: a document, and its pages or hints where they matter, to the bytes of one format."""
