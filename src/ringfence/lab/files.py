"""The files of a laboratory's directory, by name, and how they are written."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class LabFiles(msgspec.Struct, frozen=True):
    """Where a running laboratory keeps what others read.

    ``truth`` holds the labels and is read by scoring alone; ``rpz`` is absent until somebody
    publishes; ``status`` says which RPZ serial and which interference revision are in force.
    """

    directory: Path

    @property
    def register(self) -> Path:
        """CSV ``name,host,countries,volume_rank``: every site, shuffled, without a label."""
        return self.directory / "register.csv"

    @property
    def truth(self) -> Path:
        """JSON ``{"seed", "designs", "sites": [Truth, …]}``."""
        return self.directory / "truth.json"

    @property
    def countries(self) -> Path:
        """CSV ``start,end,country``: inclusive IPv4 ranges."""
        return self.directory / "country.csv"

    @property
    def ca(self) -> Path:
        """PEM: the certificate of the laboratory's authority."""
        return self.directory / "ca.pem"

    @property
    def interference(self) -> Path:
        """JSON, see `ringfence.lab.interference`."""
        return self.directory / "interference.json"

    @property
    def status(self) -> Path:
        """JSON, see `ringfence.lab.country.Status`."""
        return self.directory / "status.json"

    @property
    def rpz(self) -> Path:
        """The response policy zone that the inside resolver applies, in master file format."""
        return self.directory / "rpz.zone"

    @property
    def vantages(self) -> Path:
        """TOML, read by `ringfence.evidence.vantage.load_vantages`."""
        return self.directory / "vantages.toml"

    @property
    def rows(self) -> Path:
        """JSON: the register rows that the population was drawn on."""
        return self.directory / "rows.json"


def write_atomically(path: Path, data: bytes) -> None:
    """Writes beside the file and renames, so that a reader sees the old bytes or the new ones."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
