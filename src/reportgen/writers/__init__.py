"""Writers: each converts a document, with its pages or layout hints if needed, to one format."""
