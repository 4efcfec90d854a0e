"""The command ``nevbook``."""
