"""The audit: which published figures agree with each other."""
