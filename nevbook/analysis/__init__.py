"""Arithmetic with rounding intervals, and what is computed from the dataset."""
