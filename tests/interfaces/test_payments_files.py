"""Files beside the payments: none is written over what is read, and what cannot be written is known first."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path

import pytest

from interfaces.command import Ran, run

HEAD = "tx_id,ts,seq,payer,payee,amount_minor,currency\n"
ROWS = "".join(f"t{at},2026-03-02T10:0{at}:00Z,{at},p{at},shop,100,CNY\n" for at in range(3))


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    file = tmp_path / "bank.csv"
    file.write_text(HEAD + ROWS)
    return file


def monitor(*arguments: object) -> Ran:
    return run("payments", "monitor", *arguments)


@pytest.mark.parametrize("option", ["--out", "--accounts", "--quarantine"])
def test_what_is_read_is_never_written_over(bank: Path, option: str) -> None:
    before = bank.read_bytes()
    (bank.parent / "link.csv").symlink_to(bank)
    (bank.parent / "twin.csv").hardlink_to(bank)
    for name in ("bank.csv", "link.csv", "twin.csv"):
        ran = monitor(bank, option, bank.parent / name)
        assert ran.code == 2 and f"{option} " in ran.err and "read too" in ran.err, name
    assert monitor(bank.parent, option, bank).code == 2
    assert bank.read_bytes() == before


def test_nothing_that_a_folder_holds_or_links_to_is_written_over(tmp_path: Path) -> None:
    names, cells = HEAD.strip().split(","), ROWS.splitlines()[0].split(",")
    line = json.dumps(dict(zip(names, cells, strict=True))) + "\n"
    folder, data, rules = tmp_path / "in", tmp_path / "data", tmp_path / "rules.toml"
    folder.mkdir()
    data.mkdir()
    rules.write_text("")
    kept = (folder / "bank.jsonl", folder / "lost.jsonl", data / "real.csv", data / "twin.csv")
    for file in kept:
        file.write_text(line if file.suffix == ".jsonl" else HEAD + ROWS)
    (folder / "a.csv").symlink_to(data / "real.csv")
    (folder / "b.csv").hardlink_to(data / "twin.csv")
    before = [file.read_bytes() for file in kept]
    for file in kept:
        ran = monitor(folder, "--out", file)
        assert ran.code == 2 and "read too" in ran.err, file
    ran = run("payments", "backtest", rules, rules, folder, "--out", folder)
    assert ran.code == 2 and "read too" in ran.err
    assert [file.read_bytes() for file in kept] == before


def test_a_name_that_is_too_long_is_told(bank: Path) -> None:
    for option in ("--out", "--accounts", "--quarantine"):
        ran = monitor(bank, option, bank.parent / ("x" * 300))
        assert ran.code == 2 and "cannot write" in ran.err


def test_a_socket_and_a_full_device_take_nothing(bank: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(bank.parent / "socket"))
        for command in (("monitor", bank), ("score",)):
            ran = run("payments", *command, "--out", bank.parent / "socket")
            assert ran.code == 2 and "cannot write" in ran.err, command
    ran = monitor(bank, "--accounts", "/dev/full")
    assert ran.code == 2 and "cannot write /dev/full" in ran.err


def test_lists_and_rules_are_read_too(bank: Path) -> None:
    rules, exchanges = bank.parent / "rules.toml", bank.parent / "exchanges.csv"
    rules.write_text("")
    exchanges.write_text("account,name\nx,X\n")
    assert "read too" in monitor(bank, "--rules", rules, "--out", rules).err
    assert "read too" in monitor(bank, "--exchange-accounts", exchanges, "--accounts", exchanges).err
    assert exchanges.read_text() == "account,name\nx,X\n"


def test_two_answers_are_two_files(bank: Path) -> None:
    same = bank.parent / "same.jsonl"
    ran = monitor(bank, "--out", same, "--accounts", same)
    assert ran.code == 2 and "one file" in ran.err and not same.exists()


@pytest.mark.parametrize("option", ["--out", "--accounts", "--quarantine"])
def test_what_cannot_be_written_is_known_before_anything_is_told(bank: Path, option: str) -> None:
    ran = monitor(bank, option, bank.parent / "nowhere" / "x.jsonl")
    assert ran.code == 2 and "cannot write" in ran.err and "hint" in ran.err
    assert not ran.out and "payments" not in ran.err.replace(str(bank.parent), "")


def test_an_earlier_answer_in_the_folder_is_no_input(bank: Path) -> None:
    out = bank.parent / "alerts.jsonl"
    assert monitor(bank, "--out", out).code == 0
    assert monitor(bank.parent, "--out", out).code == 0


def test_a_device_or_a_pipe_stays_one(bank: Path) -> None:
    pipe = bank.parent / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    assert monitor(bank, "--accounts", pipe).code == 0
    reader.join(60)
    assert pipe.is_fifo() and got[0].count('"account"') == 4


def test_a_pack_that_there_is_none_of_is_known_first(bank: Path) -> None:
    store = ("--store", bank.parent / "s", "--vault", bank.parent / "v.sqlite")
    ran = monitor(bank, "--jurisdiction", "zz", *store)
    assert ran.code == 2 and not ran.out and not (bank.parent / "v.sqlite").exists()


def test_prices_that_were_left_out_are_told(bank: Path) -> None:
    prices = bank.parent / "prices.csv"
    head = "ts,asset,quote,price\n"
    prices.write_text(head + "2026-03-02T00:00:00Z,USDT,CNY,-7\nlater,USDT,CNY,7\n2026-03-02,USDT,CNY,7.2\n")
    ran = monitor(bank, "--prices", prices)
    assert ran.code == 0
    assert "prices: quarantined 1: the price is not a decimal above zero (prices.csv row 2)" in ran.err
    assert "prices: quarantined 1: the time cannot be read (prices.csv row 3)" in ran.err
    prices.write_text(head + "later,USDT,CNY,7\n" * 9 + "2026-03-02,USDT,CNY,7.2\n")
    assert "prices: quarantined 9" in (err := monitor(bank, "--prices", prices).err)
    assert "row 6, …)" in err and "row 7" not in err
    prices.write_text(head + "later,USDT,CNY,7\n")
    ran = monitor(bank, "--prices", prices)
    assert ran.code == 2 and "no price can be read (prices.csv row 2" in ran.err


def test_a_list_without_its_account_is_refused(bank: Path) -> None:
    exchanges = bank.parent / "exchanges.csv"
    exchanges.write_text("account,name\n,Exchange A\n")
    ran = monitor(bank, "--exchange-accounts", exchanges)
    assert ran.code == 2 and "1 row cannot be read (row 2)" in ran.err


def test_a_backtest_knows_first_where_it_may_write(bank: Path) -> None:
    rules = bank.parent / "rules.toml"
    rules.write_text("")
    ran = run("payments", "backtest", rules, rules, bank, "--out", bank / "inside")
    assert ran.code == 2 and "cannot make the folder" in ran.err
