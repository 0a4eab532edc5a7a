"""Spill: under a bound that windows do not fit, the same is told, whatever happens to process and files."""

from __future__ import annotations

import errno
import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from ringfence.core.errors import StoreError
from ringfence.desks.payments.online.checkpoint import Folder
from ringfence.desks.payments.online.scorer import COLUMNS, Hit, Scorer, Seen
from ringfence.desks.payments.online.session import Session
from ringfence.desks.payments.online.spill import Spill
from ringfence.desks.payments.online.stream import Stream
from ringfence.desks.payments.rules import load_rules
from ringfence.desks.payments.vault import Vault

from .crowd import CURRENCIES, crowd
from .test_online import TINY, events, lines_of, told_of

RULES = load_rules()
FILE = 1 << 13  # words: so small that files are given up


def signed(seed: int, accounts: int, rows: int = 1500) -> Any:
    columns = crowd(seed, RULES, accounts=accounts, rows=rows)
    return np.stack([columns[name].astype(np.int64) for name in COLUMNS], axis=1)


def told(scorer: Scorer, ledger: Any, size: int) -> list[Hit | Seen]:
    said = [one for at in range(0, len(ledger), size) for one in scorer.take(ledger[at : at + size])]
    return [*said, *scorer.rest()]


@pytest.mark.parametrize(("seed", "accounts"), [(40, 12), (41, 40), (42, 300), (43, 900)])
def test_the_same_is_told_under_any_bound(seed: int, accounts: int) -> None:
    ledger = signed(seed, accounts)
    expected = told(Scorer(RULES, CURRENCIES), ledger, len(ledger))
    # Under one byte there is room for the two accounts of an event and little more; under 600,000 for some.
    for memory, size in ((1, len(ledger)), (1, 37), (600_000, 1), (600_000, 200)):
        scorer = Scorer(RULES, CURRENCIES, TINY, memory, Spill(None, FILE))
        assert told(scorer, ledger, size) == expected
        spill = scorer.spill
        assert min(spill.out, spill.back, spill.written) > 100
        assert spill.out >= spill.back + spill.books
        assert scorer.nbytes < 800_000


def test_without_a_bound_nothing_is_written() -> None:
    scorer = Scorer(RULES, CURRENCIES, TINY)
    told(scorer, signed(42, 300), 100)
    assert scorer.spill.out == len(scorer.spill.log.files) == 0
    assert scorer.nbytes > 900_000


def test_files_of_which_little_counts_are_given_up(tmp_path: Path) -> None:
    scorer = Scorer(RULES, CURRENCIES, TINY, 1, Spill(tmp_path, FILE))
    told(scorer, signed(44, 60, 3000), 100)
    log = scorer.spill.log
    names = {path.name for path in tmp_path.iterdir()}
    assert len(names) > 2 * len(log.files)  # they stay until a checkpoint no longer names them
    log.sweep()
    assert {path.name for path in tmp_path.iterdir()} == {f"windows-{file.begin}" for file in log.files}
    assert log.live == sum(file.live for file in log.files) <= scorer.spill.written // 4


def test_what_rested_long_enough_is_no_longer_in_files() -> None:
    ledger = signed(45, 300)
    scorer = Scorer(RULES, CURRENCIES, TINY, 1, Spill(None, FILE))
    told(scorer, ledger, 100)
    away = scorer.spill.books
    later = ledger[:1000].copy()
    later[:, 1] += ledger[-1, 1] - ledger[0, 1] + scorer.plan.rest + 1
    told(scorer, later, 100)
    cold = scorer.state.cold
    assert np.count_nonzero(cold[:, 1] <= -2) == scorer.spill.books
    assert away > 0
    assert len(scorer.spill.log.files) < 10


def opened(folder: Path, stack: ExitStack, memory: int) -> Session:
    held = Folder(folder / "state")
    stack.callback(held.close)
    vault = stack.enter_context(Vault(folder / "vault"))
    out, said = folder / "out.jsonl", list[str]()
    return stack.enter_context(
        Session(RULES, out, said.append, folder=held, vault=vault, every=40, memory=memory)
    )


def test_through_checkpoints_and_restores(tmp_path: Path) -> None:
    listed = events(46, 1500, 200)
    lines = lines_of(listed).splitlines(keepends=True)
    moments = (300, 301, 555, 790, 1023, 1300, 1500)
    for turn, upto in enumerate(moments):
        with ExitStack() as stack:
            # Every third time with all the memory there is: what is in files comes back even so.
            one = opened(tmp_path, stack, 0 if turn % 3 == 2 else 600_000)
            one.skip(io.BytesIO(b"".join(lines)))
            one.feed(lines[one.lines : upto])  # given up here, up to 40 lines after the checkpoint
            if upto == len(lines):
                one.end()
            spill = one.stream.scorer.spill
            assert one._folder
            told = (one._folder.load() or pytest.fail())[0]["stream"]["spill"]
            files = {f"windows-{file[0]}" for file in told["files"]}
            assert files <= {path.name for path in (tmp_path / "state").glob("windows-*")}
    assert min(spill.out, spill.back) > 100
    assert files == {path.name for path in (tmp_path / "state").glob("windows-*")}
    expected = b"".join(msgspec.json.encode(line) + b"\n" for line in told_of(Stream(RULES), listed, 50))
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    for path in (tmp_path / "state").iterdir():
        assert b"person-" not in path.read_bytes(), path


def test_a_file_that_is_missing_cut_or_changed_is_told(tmp_path: Path) -> None:
    lines = lines_of(events(47, 1200, 200)).splitlines(keepends=True)
    with ExitStack() as stack:
        one = opened(tmp_path, stack, 600_000)
        one.feed(lines[:900])
        one.save()
        assert one.stream.scorer.spill.books
    (path,) = (tmp_path / "state").glob("windows-*")
    content = path.read_bytes()
    for wrong, why in ((content[:-8], "too short"), (None, "missing")):
        path.unlink()
        if wrong is not None:
            path.write_bytes(wrong)
        with ExitStack() as stack, pytest.raises(StoreError, match=why):
            opened(tmp_path, stack, 600_000)
    for change in (1, 64, 255):  # of one byte in each word
        damaged = np.frombuffer(content, np.uint8).copy()
        damaged[change % 8 :: 8] ^= change
        path.write_bytes(damaged.tobytes())
        with ExitStack() as stack, pytest.raises(StoreError, match="damaged"):
            opened(tmp_path, stack, 600_000).feed(lines[900:])


def test_a_full_disk_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int, content: bytes, at: int) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(StoreError, match="No space left"):
        told(Scorer(RULES, CURRENCIES, TINY, 1), signed(48, 60), 100)
