"""What a chapter opens: an edition with its values, sentences, tables and charts."""
