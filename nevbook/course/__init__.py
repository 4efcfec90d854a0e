"""The teaching material: lessons, checks, notebooks and archives."""
