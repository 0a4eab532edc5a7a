"""Settings: read once, here, from the environment; each is documented in docs/guide/settings.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError


class Settings(msgspec.Struct, frozen=True):
    """``store`` (RINGFENCE_STORE): folder of the embedded store. ``vantages`` (RINGFENCE_VANTAGES): file of
    vantages. ``database`` (RINGFENCE_DATABASE): address of a PostgreSQL database that takes the place of
    the store's file; blobs stay in the folder. ``smtp`` (RINGFENCE_SMTP, host:port), ``smtp_from``,
    ``smtp_credentials`` and ``smtp_ca`` (files): how notices are mailed, see `ringfence.core.relay`.
    ``account_orders`` (RINGFENCE_ACCOUNT_ORDERS): orders on accounts that one person may approve a day.
    ``packs`` (RINGFENCE_PACKS): folder of packs that are not bundled, each in a folder of its jurisdiction's
    name."""

    store: Path = Path("store")
    vantages: Path | None = None
    database: str | None = None
    smtp: str | None = None
    smtp_from: str | None = None
    smtp_credentials: Path | None = None
    smtp_ca: Path | None = None
    account_orders: int = 20
    packs: Path | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """From the environment; an empty value is as none."""
        values = os.environ if environment is None else environment

        def path(name: str) -> Path | None:
            return Path(values[name]) if values.get(name) else None

        return cls(
            store=Path(values.get("RINGFENCE_STORE") or "store"),
            vantages=path("RINGFENCE_VANTAGES"),
            database=values.get("RINGFENCE_DATABASE") or None,
            smtp=values.get("RINGFENCE_SMTP") or None,
            smtp_from=values.get("RINGFENCE_SMTP_FROM") or None,
            smtp_credentials=path("RINGFENCE_SMTP_CREDENTIALS"),
            smtp_ca=path("RINGFENCE_SMTP_CA"),
            account_orders=_count("RINGFENCE_ACCOUNT_ORDERS", values.get("RINGFENCE_ACCOUNT_ORDERS"), 20),
            packs=path("RINGFENCE_PACKS"),
        )


def _count(name: str, text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise InputError(f"{name} is no number: {text!r}", hint=f"write {name}={otherwise}")
    return int(text)
