"""Atom feeds whose dates are those of the data, never of the clock."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from nevbook.common.i18n import language_tag


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `name` is what its id is made of, `body` HTML."""

    name: str
    title: str
    link: str
    body: str
    published: dt.date
    updated: dt.date
    categories: Sequence[str] = ()


def midnight(date: dt.date) -> dt.datetime:
    """Return the first moment of a date, in UTC."""
    return dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)


def write(
    space: str, name: str, title: str, home: str, subtitle: str, author: str, updated: dt.date,
    entries: Sequence[Entry], feed_url: str | None = None,
) -> str:  # fmt: skip
    """Write a feed; ids are made of a name space and a name, so that they stay whatever the address of the site."""
    from feedgenerator import Atom1Feed

    root = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:made-in-chongqing:{space}")

    def urn(of: str) -> str:
        return f"urn:uuid:{uuid.uuid5(root, of)}"

    class Feed(Atom1Feed):
        def latest_post_date(self) -> dt.datetime:
            return midnight(updated)  # without entries the library would ask the clock

    feed = Feed(
        title, home, subtitle, language=language_tag(), author_name=author, subtitle=subtitle, feed_url=feed_url,
        feed_guid=urn(name),
    )  # fmt: skip
    for entry in entries:
        feed.add_item(
            entry.title, entry.link, entry.body, pubdate=midnight(entry.published), unique_id=urn(entry.name),
            updateddate=midnight(entry.updated), categories=entry.categories,
        )  # fmt: skip
    return feed.writeString("utf-8")
