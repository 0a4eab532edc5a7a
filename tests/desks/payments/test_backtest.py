"""Two versions of the rules over the same history: what is gained, lost, and how right each is."""

from __future__ import annotations

import pytest

from ringfence.core.errors import InputError
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.backtest import Labels, Run, compared, read_labels
from ringfence.desks.payments.backtest import right as judged_right
from ringfence.desks.payments.backtest_chart import draw
from ringfence.desks.payments.score import Account


def seen(account: int, typology: str, start: int = 1) -> Seen:
    return Seen((start + 5) << 20, account, typology, start << 20, (0, 0, 0, 0, 0, 0), (account, start))


def run(version: str, found: list[Seen], told: list[str]) -> Run:
    accounts = [Account(number, 0, step, (), ()) for number, step in enumerate(told)]
    return Run(version, "sha256:" + version, found, accounts)


OLD = run("1", [seen(0, "night"), seen(1, "memo"), seen(1, "memo", 9)], ["review", "none", "limit", "exit"])
NEW = run("2", [seen(1, "memo"), seen(2, "u_turn")], ["none", "limit", "limit", "exit"])


def test_alerts_are_told_apart_by_their_identity():
    found = compared(OLD, NEW)
    assert found["alerts"] == {"kept": 1, "gained": 1, "lost": 2}
    assert found["typologies"] == [
        {"typology": "night", "kept": 0, "gained": 0, "lost": 1},
        {"typology": "memo", "kept": 1, "gained": 0, "lost": 1},
        {"typology": "u_turn", "kept": 0, "gained": 1, "lost": 0},
    ]


def test_work_and_changes_are_counted_and_without_labels_nothing_is_said_of_right():
    found = compared(OLD, NEW)
    assert found["old"]["accounts"] == {"none": 1, "review": 1, "limit": 1, "refuse": 0, "exit": 1}
    assert found["accounts_changed"] == [
        {"old": "none", "new": "limit", "accounts": 1},
        {"old": "review", "new": "none", "accounts": 1},
    ]
    assert found["old"]["right"] is None


def test_labels_give_recall_beside_wrongful_halts():
    labels = Labels({0: False, 1: False, 2: True, 3: False}, {1: "grocer", 3: "biller"})
    right = compared(OLD, NEW, labels)["new"]["right"]
    assert right["halt"] == {"accounts": 3, "recall": 1.0, "precision": 0.3333}
    assert right["wrongful_halts"] == 2
    assert right["wrongful_halts_percent_of_honest"] == pytest.approx(66.6667)
    assert right["wrongful_halts_by_role"] == {"biller": 1, "grocer": 1}
    assert compared(OLD, NEW, Labels({}, {}))["new"]["right"]["halt"]["recall"] is None


def test_exchanges_are_neither_missed_nor_found_nor_halted_wrongly():
    listed = Account(4, 0, "none", (), (), note="listed")
    labelled = Account(5, 990, "limit", (), ())
    labels = Labels({2: True, 3: False, 4: True, 5: False}, {5: "exchange"})
    right = judged_right([*NEW.accounts, listed, labelled], labels)
    assert (right["guilty"], right["honest"], right["not_judged"]) == (1, 1, 2)
    assert right["halt"]["recall"] == 1.0
    assert right["wrongful_halts"] == judged_right(NEW.accounts, labels)["wrongful_halts"]


def test_a_picture_is_drawn(tmp_path):
    found = compared(OLD, NEW, Labels({2: True, 0: False}, {}))
    for name in ("one.svg", "two.svg", "one.png"):
        draw(found, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "u_turn" in (tmp_path / "one.svg").read_text() or (tmp_path / "one.png").stat().st_size > 5000


class Known:
    def number_of(self, name: str) -> int | None:
        return {"a": 0, "b": 1}.get(name)


def test_labels_are_read_and_bad_ones_refused(tmp_path):
    (path := tmp_path / "labels.csv").write_text("account,guilty,role\na,1,dealer\nb,0,\nelsewhere,1,x\n")
    assert read_labels(path, Known()) == Labels({0: True, 1: False}, {0: "dealer"})
    for text in ("account\na\n", "account,guilty\na,perhaps\n", ""):
        path.write_text(text)
        with pytest.raises(InputError):
            read_labels(path, Known())
