"""Online: event by event the same alerts as the definitions, and the stream around the scorer."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import msgspec
import numpy as np
import pyarrow as pa
import pytest

from ringfence.core.errors import InputError, StoreError
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.engine import duckdb
from ringfence.desks.payments.memo import classify
from ringfence.desks.payments.online.checkpoint import Folder
from ringfence.desks.payments.online.identities import Identities
from ringfence.desks.payments.online.scorer import COLUMNS, Hit, Scorer
from ringfence.desks.payments.online.session import Session
from ringfence.desks.payments.online.signer import NEVER, Signer
from ringfence.desks.payments.online.state import Sizes
from ringfence.desks.payments.online.stream import Stream, taken
from ringfence.desks.payments.rules import TYPOLOGIES, Rules, load_rules
from ringfence.desks.payments.signs import Outside, Series, Signs
from ringfence.desks.payments.sweep import sweep
from ringfence.desks.payments.vault import Vault

from .crowd import CURRENCIES, crowd
from .reference import hits, legs_of, merge

TINY = Sizes(256, 256, 256, 8, 200)
RULES = load_rules()


def defined(columns: dict[str, Any], rules: Rules = RULES) -> list[Seen]:
    found = merge(hits(legs_of(columns, CURRENCIES), rules))
    return sorted(Seen(one.end, one.account, one.typology, one.start, one.first, one.rows) for one in found)


def scored(
    columns: dict[str, Any], size: int, rules: Rules = RULES, room: Sizes | None = None
) -> list[Hit | Seen]:
    scorer = Scorer(rules, CURRENCIES, room)
    events = np.stack([columns[name].astype(np.int64) for name in COLUMNS], axis=1)
    told: list[Hit | Seen] = []
    for at in range(0, len(events), size):
        told += scorer.take(events[at : at + size])
    return [*told, *scorer.rest()]


def alerts(told: list[Hit | Seen]) -> list[Seen]:
    return sorted(one for one in told if isinstance(one, Seen))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_seen_is_what_is_defined(seed: int) -> None:
    columns = crowd(200 + seed, RULES)
    expected = defined(columns)
    whole = scored(columns, len(columns["o"]))
    assert alerts(whole) == expected
    # What is told, and in which order, does not depend on how the events come, nor on how full tables are.
    for size, room in ((1, None), (37, TINY), (1, TINY)):
        assert scored(columns, size, room=room) == whole


def test_every_typology_occurs() -> None:
    seen = {one.typology for seed in range(6) for one in defined(crowd(200 + seed, RULES))}
    assert seen == set(TYPOLOGIES)


def test_many_accounts_that_rest_and_come_back() -> None:
    columns = crowd(31, RULES, accounts=60, rows=700)
    assert alerts(scored(columns, 50, room=TINY)) == defined(columns)


def test_other_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(
        '[structuring]\ntimes = 2\n[pass_through]\nwindows = ["2h"]\n[night]\nwindow = "3h"\nlegs = 3\n'
        '[dormant_burst]\nquiet = "5d"\nreceipts = 3\nwindow = "6d"\n'
    )
    rules = load_rules(file)
    columns = crowd(7, rules)
    assert alerts(scored(columns, 37, rules, TINY)) == defined(columns, rules) != defined(columns)


def test_the_same_as_duckdb(tmp_path: Path) -> None:
    columns = crowd(77, RULES, rows=600)
    with duckdb(tmp_path) as engine:
        ledger = engine.keep(ibis.memtable(pa.table(columns)), "ledger")
        swept = list(sweep(engine, ledger, RULES, CURRENCIES))
    assert alerts(scored(columns, 37)) == swept


def test_a_hit_is_told_with_the_event_that_completes_it() -> None:
    columns = crowd(3, RULES)
    told = scored(columns, 37)
    listed = [(one.o, one.account, one.typology) for one in told if isinstance(one, Hit)]
    found = set(listed)
    assert len(found) == len(listed)
    every = hits(legs_of(columns, CURRENCIES), RULES)
    assert found == {(one.end, one.account, one.typology) for one in every}
    # An alert is told as soon as the next event shows that it is over, and hits in the order of events.
    times = [one.o for one in told if isinstance(one, Hit)]
    assert times == sorted(times)
    early = told[: -len(Scorer(RULES, CURRENCIES).rest()) or None]
    assert any(isinstance(one, Seen) for one in early[: len(early) // 2])


def test_signs_of_one_event_are_those_of_many() -> None:
    random = np.random.default_rng(4)
    count = 3000
    begin, hour = 1_760_000_000_000_000, 3_600_000_000
    times = begin + np.sort(random.integers(0, 2000, 200)) * hour
    outside = Outside(
        exchanges=frozenset({0, 4}),
        advertised={1: begin + 900 * hour},
        prices={
            "CNY": {name: Series(times, random.uniform(1, 90_000, 200)) for name in ("USDT", "BTC", "ETH")},
            "USD": {"USDT": Series(times, random.uniform(90, 110, 200))},
        },
    )
    for currencies in (("CNY",), ("USD", "CNY", "JPY")):
        ledger: dict[str, Any] = {
            "ts": begin + random.integers(-100, 2100 * 3600, count) * 1_000_000,
            "payer": random.integers(0, 6, count),
            "payee": random.integers(0, 6, count),
            "amount": 10 ** random.integers(0, 9, count) * random.integers(1, 40, count),
            "currency": random.integers(0, len(currencies), count),
            "channel": random.integers(0, 3, count),
            "memo": random.integers(0, 4, count),
        }
        expected = Signs(RULES, currencies, outside).of(*ledger.values())
        events = np.stack([np.arange(count), np.arange(count), *ledger.values()], axis=1)
        exchange, since = np.zeros(8, np.int64), np.full(8, NEVER)
        exchange[[0, 4]], since[1] = 1, outside.advertised[1]
        made = Signer(RULES, currencies, outside).sign(events, exchange, since)
        for name, values in expected.items():
            assert made[:, COLUMNS.index(name)].tolist() == values.astype(np.int64).tolist(), name
        assert expected["coin"].any()
        assert len(set(expected["band"])) > 1


def events(seed: int = 5, rows: int = 400, accounts: int = 12) -> list[dict[str, Any]]:
    """A ledger as events, with accounts whose names can be searched for."""
    made = crowd(seed, RULES, accounts=accounts, rows=rows)
    listed = []
    for at in range(rows):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(made["ts"][at]))
        listed.append(
            {
                "tx_id": f"T{at}", "ts": moment.isoformat(), "payer": f"person-{made['payer'][at]:04d}",
                "payee": f"person-{made['payee'][at]:04d}", "amount_minor": int(made["amount"][at]),
                "currency": CURRENCIES[made["currency"][at]],
                "channel": ("", "QR", "pos")[made["channel"][at]],
                "memo": ("", "for dinner", "货款", "usdt")[made["memo"][at]],
            }
        )  # fmt: skip
    return listed


def told_of(stream: Stream, some: list[dict[str, Any]], size: int = 1) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for at in range(0, len(some), size):
        told += taken(stream, some[at : at + size])
    return [*told, *stream.end()]


def test_a_stream_tells_the_same_one_by_one_and_in_blocks() -> None:
    one = told_of(Stream(RULES), events())
    assert one == told_of(Stream(RULES), events(), 37) == told_of(Stream(RULES), events(), 400)
    assert {line["event"] for line in one} == {"hit", "alert"}
    assert [line["n"] for line in one] == list(range(len(one)))
    pushed = Stream(RULES)
    assert [line for event in events() for line in pushed.push(event)] == one[: pushed.told]


def test_the_stream_sees_what_the_definitions_see() -> None:
    columns = crowd(5, RULES)
    listed = frozenset({"person-0000"})
    stream = Stream(RULES, Identities(listed, {}, None))
    told = [line for line in told_of(stream, events(), 37) if line["event"] == "alert"]
    memo = np.array([classify(("", "for dinner", "货款", "usdt")[one]) for one in columns["memo"]])
    signs = Signs(RULES, CURRENCIES, Outside(frozenset({0})))
    names = ("ts", "payer", "payee", "amount", "currency", "channel")
    expected = defined(columns | signs.of(*(columns[name] for name in names), memo))  # type: ignore[arg-type]
    assert sorted((line["account"], line["typology"], line["transactions"]) for line in told) == sorted(
        (f"person-{one.account:04d}", one.typology, tuple(f"T{row}" for row in one.rows)) for one in expected
    )


def test_late_payments_are_put_in_order_or_refused_and_counted() -> None:
    # A second between any two: otherwise arrival would decide between those of one time.
    base = [one | {"ts": f"2026-03-01T{at // 60:02d}:{at % 60:02d}:00Z"} for at, one in enumerate(events())]
    in_order = told_of(Stream(RULES), base)
    shuffled = [one for at in range(0, 400, 4) for one in reversed(base[at : at + 4])]
    patient = Stream(RULES, lateness=4 * 60_000_000)
    late = told_of(patient, shuffled, 7)
    assert late == in_order
    assert not patient.refused
    hasty = Stream(RULES, lateness=60_000_000)
    told_of(hasty, shuffled)
    assert hasty.refused == {"late": 200}
    assert hasty.shelf.rows == 200


def test_what_cannot_be_taken_is_counted_by_reason() -> None:
    good = events()[0]
    stream = Stream(RULES)
    assert stream.take(good) is None
    bad = {
        "no_tx_id": {"tx_id": " "}, "bad_time": {"ts": "yesterday"},
        "time_out_of_range": {"ts": "1969-01-01T00:00Z"},
        "bad_seq": {"seq": "x"}, "no_payer": {"payer": None}, "no_payee": {"payee": ""},
        "bad_amount": {"amount_minor": "1e3x"}, "not_whole": {"amount_minor": "1.5"},
        "not_positive": {"amount_minor": -4}, "too_large": {"amount_minor": 10**15 + 1},
        "no_currency": {"currency": ""}, "bad_currency": {"currency": "¥"},
        "self_transfer": {"payee": good["payer"]}, "duplicate": {},
        "conflict": {"amount_minor": 77}, "late": {"tx_id": "new", "ts": "2020-01-01T00:00:00Z"},
    }  # fmt: skip
    for why, change in bad.items():
        assert stream.take(good | change) == why
    assert stream.refused == dict.fromkeys(bad, 1)
    assert stream.shelf.rows == 1


def test_an_id_that_comes_again_late_says_whether_it_is_the_same_payment() -> None:
    first, then = events()[0], events()[-1]
    assert first["tx_id"] != then["tx_id"]
    stream = Stream(RULES)
    assert stream.take(first) is None and stream.take(then | {"ts": "2199-01-01T00:00:00Z"}) is None
    assert stream.take(first) == "duplicate"
    for change in ({"payer": "somebody else"}, {"amount_minor": 77}, {"currency": "XPF"}):
        assert stream.take(first | change) == "conflict"
    assert stream.take(first | {"tx_id": "new"}) == "late"


def score(folder: Path, text: bytes, *options: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("ringfence")), "payments", "score", *options],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    process.stdin.write(text)
    process.stdin.flush()
    return process


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (b'{"tx_id": 1}\nno json\n', 2, "refused 1: the row cannot be read"),
        ("tx_id,ts\n".encode("utf-16"), 2, "gzip -dc, iconv"),
        (b"", 0, "0 payments scored"),
    ],
)
def test_a_stream_of_which_nothing_could_be_taken(tmp_path: Path, text: bytes, code: int, said: str) -> None:
    process = score(tmp_path, text)
    _, told = process.communicate(timeout=120)
    assert process.returncode == code and said in told.decode()


def test_a_line_that_is_no_json_costs_itself(tmp_path: Path) -> None:
    first, then = lines_of(events()[:1]), lines_of(events()[1:2])
    huge = first.replace(b'"amount_minor": ', b'"amount_minor": 1e999999999999999999999, "x": ')
    deep = b'{"x": ' + b"[" * 20_000 + b"\n"
    process = score(tmp_path, b"\n\xef\xbb\xbf" + first + b"oops\n[1]\n" + huge + deep + then)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0 and "2 payments scored" in told.decode()
    assert "refused 4: the row cannot be read" in told.decode()


def test_a_stream_is_not_written_over_its_own_input(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(lines_of(events()[:2]))
    with file.open("rb") as source:
        ran = subprocess.run(
            [str(Path(sys.executable).with_name("ringfence")), "payments", "score", "--out", str(file)],
            stdin=source, capture_output=True, timeout=120, check=False,
        )  # fmt: skip
    assert ran.returncode == 2 and b"is the input" in ran.stderr
    assert file.read_bytes() == lines_of(events()[:2])


def lines_of(some: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in some)


OPTIONS = ("--state", "state", "--out", "out.jsonl", "--every", "23", "--lateness", "2m")


@pytest.mark.parametrize("bound", [(), ("--memory", "1MB")])
def test_killed_at_any_moment_nothing_is_lost_or_said_twice(tmp_path: Path, bound: tuple[str, ...]) -> None:
    accounts, rows = (90, 1200) if bound else (12, 400)
    listed = events(5, rows, accounts)
    whole = Stream(RULES, lateness=120_000_000)
    expected = b"".join(msgspec.json.encode(line) + b"\n" for line in told_of(whole, listed, 50))
    for upto, how in ((rows * 3 // 8, signal.SIGKILL), (rows * 3 // 4, signal.SIGTERM)):
        begun = lines_of(listed[:upto]) + b'{"tx_id": "half a li'
        process = score(tmp_path, begun, *OPTIONS, *bound)
        checkpoint = tmp_path / "state" / "checkpoint"
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        while process.poll() is None and not (checkpoint.exists() and checkpoint.stat().st_mtime_ns > before):
            time.sleep(0.01)
        process.send_signal(how)
        process.communicate(timeout=120)
        assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130)
    process = score(tmp_path, lines_of(listed), *OPTIONS, *bound)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert b"goes on after line" in said
    assert (b"windows went to files" in said) == bool(bound)
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    # Once more: the stream has ended, and nothing is said again.
    process = score(tmp_path, lines_of(listed), *OPTIONS)
    process.communicate(timeout=120)
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    for path in (tmp_path / "state").iterdir():
        assert b"person-" not in path.read_bytes(), path
    assert (tmp_path / "state" / "accounts.mac").stat().st_size == accounts * 16
    folder = Folder(tmp_path / "state")
    files = (folder.load() or pytest.fail())[0]["stream"]["spill"]["files"]
    folder.close()
    named = {f"windows-{one[0]}" for one in files}
    assert bool(named) == bool(bound)
    assert named == {one.name for one in (tmp_path / "state").glob("windows-*")}
    assert b"person-" in (tmp_path / "state.vault").read_bytes()


def session(folder: Path, stack: ExitStack, lateness: int = 120_000_000) -> Session:
    held = Folder(folder / "state")
    stack.callback(held.close)
    vault = stack.enter_context(Vault(folder / "vault"))
    said: list[str] = []
    return stack.enter_context(
        Session(
            RULES, folder / "out.jsonl", said.append, lateness=lateness, folder=held, vault=vault, every=17,
            exchanges=frozenset({"person-0000"}), contacts={"person-0001": 0},
        )
    )  # fmt: skip


def uninterrupted(listed: list[dict[str, Any]]) -> bytes:
    known = Identities(frozenset({"person-0000"}), {"person-0001": 0}, None)
    told = told_of(Stream(RULES, known, lateness=120_000_000), listed, 50)
    return b"".join(msgspec.json.encode(line) + b"\n" for line in told)


def test_given_up_between_any_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = events()
    lines, at = lines_of(listed).splitlines(keepends=True), 0
    for upto in (*range(5, 400, 29), 400, 402):
        with ExitStack() as stack:
            one = session(tmp_path, stack)
            one.skip(io.BytesIO(b"".join(lines)))
            assert at <= one.lines <= upto
            at = one.lines
            if upto % 2:  # the power fails while a checkpoint is written
                replace = monkeypatch.context()
                with replace as patched, suppress(OSError):
                    patched.setattr(Path, "replace", _no_power)
                    one.feed(lines[at:upto])
            else:
                one.feed(lines[at:upto])
            if upto == 400:
                one.save()
            elif upto > 400:
                one.end()
    assert (tmp_path / "out.jsonl").read_bytes() == uninterrupted(listed)
    for path in (tmp_path / "state").iterdir():
        assert b"person-" not in path.read_bytes(), path
    with Vault(tmp_path / "vault") as vault:
        assert vault.count == 12
        # Names that alerts needed before their accounts were seen again: asked for, and recorded.
        assert {one["who"] for one in vault.reversals()} == {"ringfence payments score"}


def test_a_stream_tells_its_vault_in_which_month_it_saw_an_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(events(rows=60)).splitlines(keepends=True)
    with ExitStack() as stack:
        one = session(tmp_path, stack)
        for day, part in ((datetime(2025, 3, 4, tzinfo=UTC), 30), (datetime(2026, 2, 1, tzinfo=UTC), 60)):
            monkeypatch.setattr("ringfence.desks.payments.online.session.now", lambda day=day: day)
            one.feed(lines[part - 30 : part])
            one.save()
    late = {json.loads(line)[side] for line in lines[30:60] for side in ("payer", "payee")}
    with Vault(tmp_path / "vault") as vault:
        assert {vault.mac_of("accounts", name) for name in late} <= {
            mac for _, mac in vault.seen_last(date(2026, 2, 1))
        }


def _no_power(self: Path, target: Path) -> Path:
    raise OSError("no power")


def test_another_input_or_other_rules_are_refused(tmp_path: Path) -> None:
    lines = lines_of(events(rows=60)).splitlines(keepends=True)
    with ExitStack() as stack:
        one = session(tmp_path, stack)
        one.feed(lines[:50])
        one.save()
    with ExitStack() as stack, pytest.raises(InputError, match="not the input"):
        session(tmp_path, stack).skip(io.BytesIO(b"".join([*lines[1:], lines[0]])))
    with ExitStack() as stack, pytest.raises(InputError, match="not the input"):
        session(tmp_path, stack).skip(io.BytesIO(b"".join(lines[:49])))
    with ExitStack() as stack, pytest.raises(StoreError, match="another lateness"):
        session(tmp_path, stack, lateness=9)


def test_csv_and_bad_lines(tmp_path: Path) -> None:
    listed = events(rows=60)
    rows = [",".join(listed[0])] + [",".join(str(value) for value in one.values()) for one in listed]
    process = score(tmp_path, "\n".join([*rows[:9], "a,b", *rows[9:]]).encode())
    out, said = process.communicate(timeout=120)
    assert [json.loads(line) for line in out.splitlines()] == json.loads(
        msgspec.json.encode(told_of(Stream(RULES), listed))
    )
    assert b"line 10: the row cannot be read" in said
    assert b"60 payments scored" in said
    process = score(tmp_path, b"no table\n")
    _, said = process.communicate(timeout=120)
    assert process.returncode == 2
    assert b"no column" in said


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "state")
    scorer = Scorer(RULES, CURRENCIES, TINY)
    folder.save({"stream": 1}, scorer.state, b"x" * 32)
    told, tables, macs = folder.load() or pytest.fail()
    assert (told["stream"], macs) == (1, b"x" * 32)
    assert all((one == other).all() for one, other in zip(tables, scorer.state, strict=True))
    with pytest.raises(StoreError, match="in use"):
        Folder(tmp_path / "state")
    path = tmp_path / "state" / "checkpoint"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        folder.load()
    folder.close()
