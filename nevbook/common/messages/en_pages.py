"""English: what stands around a page's text: its bar, menus, search, cover."""

EN: dict[str, str] = {
    "key.spark": "{n} years on record: from {first} in {then} to {last} in {now}",
    "key.grey": "grey: other counts",
}
