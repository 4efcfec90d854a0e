"""From a file that somebody hands in to rows of the package."""
