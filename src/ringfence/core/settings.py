"""Settings: read once, here, from the environment; each is documented in docs/guide/settings.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError


class Settings(msgspec.Struct, frozen=True):
    """``store`` (RINGFENCE_STORE): folder of the embedded store. ``vantages`` (RINGFENCE_VANTAGES): file of
    vantages. ``database`` (RINGFENCE_DATABASE) is kept for PostgreSQL, which comes with the due-process
    issue; naming one now is refused rather than ignored."""

    store: Path = Path("store")
    vantages: Path | None = None
    database: str | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """From the environment. Raises `InputError` for what cannot be honoured."""
        values = os.environ if environment is None else environment
        database = values.get("RINGFENCE_DATABASE") or None
        if database:
            raise InputError(
                "RINGFENCE_DATABASE is set, but PostgreSQL is not supported yet",
                hint="unset it, and name a folder with --store or RINGFENCE_STORE",
            )
        vantages = values.get("RINGFENCE_VANTAGES")
        return cls(
            store=Path(values.get("RINGFENCE_STORE") or "store"),
            vantages=Path(vantages) if vantages else None,
        )
