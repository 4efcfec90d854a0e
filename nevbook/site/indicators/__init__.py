"""A page for each indicator."""
