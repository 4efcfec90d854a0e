"""The tables of the overseas markets."""
