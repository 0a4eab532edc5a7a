"""One file per enforcement target: ``render(orders) -> bytes`` and ``parse(bytes)``."""
