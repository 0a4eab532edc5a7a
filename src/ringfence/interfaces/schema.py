"""``make schema``: write the last migration's scripts from what every room declares."""

from __future__ import annotations

import importlib

from ringfence.core.migrations.write import write
from ringfence.core.schema import metadata
from ringfence.interfaces.cli.common import ROOMS

for room in ROOMS:
    importlib.import_module(room)

if __name__ == "__main__":
    write(metadata)
