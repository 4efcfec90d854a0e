"""The words of the package, one catalogue a language, in a file for each part of the house.

An edition in another language needs the same files under its own prefix, and a line below.
"""

from . import (
    en_analysis,
    en_core,
    en_course,
    en_data,
    en_editions,
    en_figures,
    en_market_pages,
    en_markets,
    en_pages,
    en_slips,
)

_EN = (
    en_core,
    en_analysis,
    en_course,
    en_data,
    en_editions,
    en_figures,
    en_market_pages,
    en_markets,
    en_pages,
    en_slips,
)


def _join(parts: tuple) -> dict[str, str]:
    joined: dict[str, str] = {}
    for part in parts:
        twice = joined.keys() & part.EN.keys()
        if twice:
            raise ValueError(f"{part.__name__}: {', '.join(sorted(twice))} stands in another file of the catalogue too")
        joined |= part.EN
    return joined


CATALOGUES: dict[str, dict[str, str]] = {"en": _join(_EN)}
