"""A page for each overseas market, and those that list them."""
