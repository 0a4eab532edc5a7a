from __future__ import annotations
import csv, bisect, ipaddress
from pathlib import Path
from ringfence.core.canonical import digest
class Countries:
    def __init__(self, rows, dig, source):
        self.starts=[r[0] for r in rows]; self.rows=rows; self.digest=dig; self.source=source
    @classmethod
    def load(cls, path: Path | None = None) -> "Countries":
        if path is None: return cls([], digest(b""), "none")
        data=path.read_bytes()
        rows=[(int(ipaddress.ip_address(r['start'])),int(ipaddress.ip_address(r['end'])),r['country']) for r in csv.DictReader(data.decode().splitlines())]
        return cls(sorted(rows), digest(data), path.name)
    def lookup(self, address: str) -> str | None:
        v=int(ipaddress.ip_address(address)); i=bisect.bisect_right(self.starts,v)-1
        return self.rows[i][2] if i>=0 and self.rows[i][1]>=v else None
