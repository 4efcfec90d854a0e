"""The dataset: the package, its row types, its tables as an edition sees them."""
