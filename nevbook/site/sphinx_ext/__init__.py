"""Sphinx extensions: theme, exercises, links to the glossary."""
