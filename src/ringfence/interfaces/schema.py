"""``make schema``: write the last migration's scripts from what every room declares."""

from __future__ import annotations

from ringfence.core.migrations.write import write
from ringfence.core.schema import metadata
from ringfence.interfaces.cli.common import rooms_declared

rooms_declared()

if __name__ == "__main__":
    write(metadata)
