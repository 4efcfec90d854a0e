"""Made in Chongqing: the dataset, its arithmetic, its figures, and the book they make."""

from __future__ import annotations

__version__ = "0.1.0"
