"""From a document to pages of positioned items."""
