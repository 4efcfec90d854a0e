"""From notebooks and data to the published site."""
