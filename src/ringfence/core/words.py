"""Words for people that go with a number."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """``1 payment``, ``2,000 payments``; ``many`` where an s does not make it."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
