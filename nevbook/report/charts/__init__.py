"""Charts: theme, frame, drawing, and one module for each family of forms."""
