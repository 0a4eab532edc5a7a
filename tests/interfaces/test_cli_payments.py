"""`ringfence payments` from what monitoring said to a list for a payment system, and the draft report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import msgspec
import pytest
from sqlalchemy import select

from desks.payments.results import DEALER, result
from interfaces.command import people, run
from ringfence.cases.tables import case_events
from ringfence.interfaces.cli.common import opened

ACCOUNT = DEALER.account
RAW = "6222020200112233445"
SMALLER = ("--why-not-smaller", "warn_payers=warned twice")
HOLDLAND = Path(__file__).parents[1] / "assets" / "good" / "packs" / "holdland"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


def assess(store: Path, folder: Path, *results: object, **options: str):
    file = folder / "accounts.jsonl"
    file.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.record for one in results))
    more = [text for name, value in options.items() for text in (f"--{name}", value)]
    return run("payments", "assess", file, "--as-of", "2026-03-20", *more, "--store", store)


def test_from_a_result_to_a_case_an_order_and_a_signed_list(store: Path, tmp_path: Path) -> None:
    (told,) = assess(store, tmp_path, DEALER).lines
    assert told["assessment"]["state"] == "made_out" and told["case"]
    case = told["case"]
    proposal = (
        "orders", "propose", case, "--measure", "limit_receiving", "--by", "li", "--reasons", "40 payers",
        "--expires", "2027-03-01", "--store", store, "--json",
    )  # fmt: skip
    assert "warn_payers" in run(*proposal).err
    order = run(*proposal, *SMALLER).json["id"]
    for person in ("wang", "chen"):
        assert run("orders", "approve", order, "--by", person, "--store", store).code == 0
    run("feed", "keygen", "payments.example/cn", "--out", tmp_path / "k")
    out = ("--key", tmp_path / "k", "--out", tmp_path / "web")
    made = run("publish", "--target", "payments", *out, "--store", store, "--json").json
    assert (made["entries"], made["orders"], made["refused"]) == (1, 1, [])
    state = tmp_path / "state"
    done = run(
        "feed", "apply", tmp_path / "web", "--to", state, "--key", tmp_path / "k.pub", "--format", "accounts"
    )
    assert done.code == 0
    (line,) = (state / "accounts.jsonl").read_text().splitlines()
    listed = json.loads(line)
    assert (listed["account"], listed["measure"]) == (ACCOUNT, "limit_receiving")
    # No list of names has it, and the payments list has no names.
    names = run("publish", "--target", "hosts", "--store", store, "--out", tmp_path / "h", "--json").json
    assert names["entries"] == 0
    assert run("log", "fsck", "--store", store, "--json").json["problems"] == []
    # In a process of its own: it closes the network for good, as all that runs after it would find.
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "replay", "--store", store, "--json"]
    replayed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(replayed.stdout)["subjects"] == 1


def test_one_indicator_opens_no_case_and_a_buyer_is_protected(store: Path, tmp_path: Path) -> None:
    alone = result(account="account:" + "1" * 32, typologies=("exchange_match",))
    buyer = result(account="account:" + "2" * 32, typologies=("exchange_match", "memo"), payers=1)
    one, other = assess(store, tmp_path, alone, buyer).lines
    assert (one["assessment"]["state"], one["case"]) == ("unclear", None)
    assert (other["assessment"]["state"], other["case"]) == ("not_made_out", None)
    assert "own_account_customer" in other["assessment"]["reason"]
    # Found to be one later: the case that was opened hears of it.
    dealer = msgspec.structs.replace(DEALER, account=buyer.account)
    (opened,) = assess(store, tmp_path, dealer).lines
    (again,) = assess(store, tmp_path, buyer).lines
    assert again["case"] == opened["case"] is not None
    refused = run(
        "orders", "propose", again["case"], "--measure", "warn_payers", "--by", "li", "--reasons", "x",
        "--expires", "2027-03-01", "--store", store,
    )  # fmt: skip
    assert refused.code != 0 and "not_made_out" in refused.err


def test_bad_lines_are_counted_and_no_identifier_is_repeated_or_kept(store: Path, tmp_path: Path) -> None:
    raw = msgspec.json.encode(msgspec.to_builtins(DEALER) | {"account": RAW})
    ran = assess(store, tmp_path, raw, DEALER, b"{", b"x" * (2 << 20), b"")
    assert ran.code == 0 and len(ran.lines) == 1 and "3 lines could not be read" in ran.err
    assert RAW not in ran.out + ran.err
    assert assess(store, tmp_path, raw).code == 2
    for path in store.rglob("*"):
        assert not path.is_file() or RAW.encode() not in path.read_bytes(), path


def test_no_hold_in_china_and_rules_where_there_is_one(store: Path) -> None:
    rule = (
        "payments", "hold", "propose", "--typology", "exchange_match", "--least-score", "800", "--expires",
        "2027-03-01", "--by", "li", "--reasons", "money is about to leave", "--store", store, "--json",
    )  # fmt: skip
    here = run(*rule, "--provision", "cn-2026-42-account")
    assert here.code != 0 and "no hold of their own in cn" in here.err and "central bank's own" in here.err
    there = ("--pack", HOLDLAND, "--provision", "xh-account")
    unknown = run(*rule, *there, "--typology", "exchang_match")
    assert unknown.code == 2 and "did you mean exchange_match?" in unknown.err
    made = run(*rule, *there).json
    assert (made["hours"], made["law_hours"], made["in_force"]) == (24, 24, False)
    assert run("payments", "hold", "approve", made["id"], "--by", "li", "--store", store).code != 0
    for person in ("wang", "chen"):
        run("payments", "hold", "approve", made["id"], "--by", person, "--store", store)
    (listed,) = run("payments", "hold", "rules", "--store", store, "--json").lines
    assert listed["in_force"] and listed["approvers"] == ["chen", "wang"]
    ended = run("payments", "hold", "end", made["id"], "--by", "li", "--note", "over", "--store", store)
    assert ended.code == 0 and "over since" in ended.err
    assert run("payments", "hold", "list", "--store", store, "--json").lines == []
    assert run("log", "fsck", "--store", store, "--json").json["problems"] == []


def test_a_hold_from_the_command_line(tmp_path: Path) -> None:
    """The invented country is no bundled pack, so its case is made as a program would."""
    from cases import accounts as halts
    from ringfence.cases.docket import Cases
    from ringfence.evidence import log, store
    from ringfence.pipeline.account import _seen

    folder = tmp_path / "s"
    people(folder)
    with opened(folder) as house:
        case = Cases(house.database, log.seal).open(halts.assessed()).id
        kept = result(account=halts.ACCOUNT)
        house.blobs.put(kept.record)
        with house.database.begin() as connection:
            store.keep(connection, _seen(kept))
    made = run(
        "payments", "hold", "propose", "--pack", HOLDLAND, "--provision", "xh-account", "--typology",
        "exchange_match", "--least-score", "800", "--expires", "2027-03-01", "--by", "li", "--reasons", "x",
        "--hours", "6", "--store", folder, "--json",
    ).json["id"]  # fmt: skip
    for person in ("wang", "chen"):
        run("payments", "hold", "approve", made, "--by", person, "--store", folder)
    held = run("payments", "hold", "place", made, case, halts.PAYMENT, "--store", folder, "--json").json
    assert (held["state"], held["account"]) == ("held", halts.ACCOUNT)
    name = held["id"]
    confirmed = run(
        "payments", "hold", "confirm", name, "--by", "wang", "--reasons", "seen", "--store", folder, "--json"
    )
    assert confirmed.json["state"] == "confirmed"
    assert run("payments", "hold", "expire", "--store", folder, "--json").lines == []
    released = run(
        "payments", "hold", "release", name, "--by", "li", "--reasons", "rent", "--store", folder, "--json"
    )
    assert [act["act"] for act in released.json["acts"]] == ["confirmed", "released"]
    assert run("payments", "hold", "place", made, case, RAW, "--store", folder).code != 0
    assert run("log", "fsck", "--store", folder, "--json").json["problems"] == []


ALERT = {
    "account": RAW, "typology": "pass_through", "score": 640, "severity": "high",
    "first_ts": "2026-03-02T10:00:00Z", "last_ts": "2026-03-02T11:00:00Z", "transactions": ["T-1", "T-2"],
    "parameters": {}, "explanation": "x",
}  # fmt: skip
CSV = f"""tx_id,ts,payer,payee,amount_minor,currency
T-1,2026-03-02T10:00:00Z,payer-name,{RAW},100050,CNY
T-2,2026-03-02T11:00:00Z,{RAW},exchange-name,100000,CNY
"""


def revealed(folder: Path) -> list[tuple[str, int]]:
    """Who had identifiers written, and of how many transactions, as the store has it."""
    with opened(folder) as house, house.database.read() as connection:
        found = select(case_events.c.record).where(case_events.c.kind == "revealed")
        events = [msgspec.json.decode(one) for one in connection.execute(found).scalars()]
    return [(event["actor"], event["body"]["transactions"]) for event in events]


def test_a_draft_report_of_alerts_shows_identifiers_only_by_a_recorded_act(
    store: Path, tmp_path: Path
) -> None:
    alerts, rows, out = tmp_path / "alerts.jsonl", tmp_path / "t.csv", tmp_path / "draft.xml"
    alerts.write_text(json.dumps(ALERT) + "\n")
    rows.write_text(CSV)
    asked = ("payments", "report", alerts, "--out", out, "--transactions", rows, "--json", "--store", store)
    ran = run(*asked)
    assert ran.code == 0 and ran.json["transactions"] == 2 and ran.json["gaps"] > 10
    text = out.read_text()
    assert not any(one in text + ran.out + ran.err for one in (RAW, "payer-name", "exchange-name", "T-1"))
    report = fromstring(text)
    assert report.findtext("transaction/t_to_my_client/to_account/account") == "account-1"
    assert report.findtext("transaction/amount_local") == "1000.50"
    assert run(*asked, "--identifiers").code == 2
    guest = run(*asked, "--identifiers", "--by", "nobody", "--reasons", "a report")
    assert guest.code != 0 and RAW not in out.read_text() and revealed(store) == []
    named = run(*asked, "--identifiers", "--by", "li", "--reasons", "report of today")
    assert named.code == 0 and RAW in out.read_text() and RAW not in named.out + named.err
    assert revealed(store) == [("li", 2)]
    for path in store.rglob("*"):
        assert not path.is_file() or RAW.encode() not in path.read_bytes(), path
    assert run("log", "fsck", "--store", store, "--json").json["problems"] == []


def test_a_draft_report_of_a_case(store: Path, tmp_path: Path) -> None:
    (told,) = assess(store, tmp_path, DEALER).lines
    out = tmp_path / "draft.xml"
    ran = run("payments", "report", told["case"], "--out", out, "--store", store, "--json")
    assert ran.json["account"] == ACCOUNT and ran.json["transactions"] == 40
    report = fromstring(out.read_text())
    assert report.findtext("entity_reference") == told["case"]
    assert "exchange_match" in (report.findtext("reason") or "") and len(report.findall("transaction")) == 40
    assert run("payments", "report", "CA-NONE", "--out", out, "--store", store).code == 2


@pytest.mark.parametrize(
    ("alerts", "rows"),
    [
        ("{", CSV), ("[]\n", CSV), (json.dumps(ALERT | {"account": 3}), CSV), ("", CSV),
        (json.dumps(ALERT) + "\n" + json.dumps(ALERT | {"account": "another"}), CSV),
        (json.dumps(ALERT), "tx_id,ts\n"), (json.dumps(ALERT), ""),
    ],
)  # fmt: skip
def test_bad_files_are_clear_errors(tmp_path: Path, alerts: str, rows: str) -> None:
    (tmp_path / "a").write_text(alerts)
    (tmp_path / "t.csv").write_text(rows)
    ran = run(
        "payments", "report", tmp_path / "a", "--transactions", tmp_path / "t.csv", "--out", tmp_path / "x"
    )
    assert ran.code == 2 and ran.err.startswith("ringfence: ") and not (tmp_path / "x").exists()
    assert RAW not in ran.err


def test_a_row_that_cannot_be_read_is_told_and_its_transaction_is_known_by_its_id(tmp_path: Path) -> None:
    alerts, rows, out = tmp_path / "a", tmp_path / "t.csv", tmp_path / "x"
    alerts.write_text(json.dumps(ALERT))
    rows.write_text(CSV.replace("100050", "ten"))
    ran = run("payments", "report", alerts, "--transactions", rows, "--out", out)
    assert ran.code == 0 and "row 2" in ran.err and RAW not in ran.err
    amounts = [node.text for node in fromstring(out.read_text()).iter("amount_local")]
    assert amounts[0].startswith("TO BE COMPLETED") and amounts[1] == "1000.00"
