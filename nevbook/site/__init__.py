"""Pages made beside Sphinx, feeds, citations, the look of the book."""
