"""Settings: read once, here, from the environment; each is documented in docs/guide/settings.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True):
    """``store`` (RINGFENCE_STORE): folder of the embedded store. ``vantages`` (RINGFENCE_VANTAGES): file of
    vantages. ``database`` (RINGFENCE_DATABASE): address of a PostgreSQL database that takes the place of
    the store's file; blobs stay in the folder."""

    store: Path = Path("store")
    vantages: Path | None = None
    database: str | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """From the environment; an empty value is as none."""
        values = os.environ if environment is None else environment
        vantages = values.get("RINGFENCE_VANTAGES")
        return cls(
            store=Path(values.get("RINGFENCE_STORE") or "store"),
            vantages=Path(vantages) if vantages else None,
            database=values.get("RINGFENCE_DATABASE") or None,
        )
