"""What can be wrong with the data, each issue with file, row, value and remedy."""
