"""Write: the summary page and a dossier for each case, as files that need nothing else."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from ringfence import __version__
from ringfence.core.time import now, stamp
from ringfence.evidence.store import Store
from ringfence.interfaces.report.dossier import dossier
from ringfence.interfaces.report.folder import replaced
from ringfence.interfaces.report.gather import gather
from ringfence.interfaces.report.page import template
from ringfence.interfaces.report.scores import Scores
from ringfence.interfaces.report.summary import summary


class Written(msgspec.Struct, frozen=True):
    """How many pages were written, of how many cases, and how long it took."""

    pages: int
    cases: int
    seconds: float


def write_report(house: Store, directory: Path, *, truth: Scores | None = None) -> Written:
    """Write ``directory/index.html`` and ``directory/cases/CASE.html``, all or nothing.

    An earlier report in that place is replaced. ``truth`` are figures from outside the store, which
    the summary shows as such. Raises `InputError` for a folder that no report wrote, and `StoreError`
    where it cannot be written.
    """
    started = time.perf_counter()
    with replaced(directory) as folder:
        gathered = gather(house)
        at = now()
        dossiers = [dossier(gathered, case, at) for case in gathered.cases]
        about = {"at": stamp(at), "version": __version__, "people": gathered.people}
        page = template("case.html")
        (folder / "cases").mkdir()
        for item in dossiers:
            text = page.render(item=item, laboratory=item.case.laboratory, **about)
            (folder / "cases" / item.file).write_text(text, "utf-8")
        text = template("index.html").render(
            summary=summary(gathered, dossiers),
            size=gathered.log_size,
            root=gathered.log_root,
            truth=truth,
            laboratory=gathered.laboratory,
            **about,
        )
        (folder / "index.html").write_text(text, "utf-8")
    return Written(len(dossiers) + 1, len(dossiers), round(time.perf_counter() - started, 3))
