"""Identifiers stop at the door: MACs inside, identifiers in the vault, every reversal written down."""

import logging
import re
import sqlite3
import stat
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from desks.payments.small import row, rows_of, write
from desks.payments.test_iso20022 import pacs, status, told
from ringfence.core.errors import RefusedError, StoreError
from ringfence.desks.payments import mac as macs
from ringfence.desks.payments import memo
from ringfence.desks.payments.mac import Keys, mac
from ringfence.desks.payments.read import open_ledger, read
from ringfence.desks.payments.vault import Vault

PAYERS = [f"6222-0000-{n:04}" for n in range(50)]
SECRET = [*PAYERS, "merchant-zq", "私人备注", "zq-bad-row"]


def payments(path):
    rows = [row(f"t{n}", payer=PAYERS[n % 50], payee="merchant-zq", memo="私人备注 USDT") for n in range(400)]
    return write(path, [*rows, row("t900", payer="zq-bad-row", amount="x", memo="私人备注")])


def test_no_identifier_is_in_what_stays_or_in_what_is_said(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    said = []
    (tmp_path / "in").mkdir()
    ledger = open_ledger(
        [payments(tmp_path / "in" / "a.csv")], vault=tmp_path / "vault" / "v.sqlite",
        folder=tmp_path / "out", quarantine=tmp_path / "out.jsonl", tell=said.append,
    )  # fmt: skip
    kept = {one.name: one.read_bytes() for one in [*(tmp_path / "out").iterdir(), tmp_path / "out.jsonl"]}
    kept["rows"] = repr(rows_of(ledger)).encode()  # what a compressed page would hide
    kept["bad rows"] = repr(ledger.quarantined()).encode()
    kept["said"] = ("\n".join(said) + caplog.text + "".join(capfd.readouterr()) + repr(ledger)).encode()
    for name, data in kept.items():
        assert not [one for one in SECRET if one.encode() in data], name
    vault = (tmp_path / "vault" / "v.sqlite").read_bytes()
    assert all(one.encode() in vault for one in PAYERS)  # the search does find what is there
    assert "私人备注".encode() not in vault


def test_names_and_phones_of_messages_stay_only_in_the_vault(tmp_path):
    told(tmp_path / "in", pacs(), status(), pacs(message="m2", ends="e2", payer="GB82WEST12345698765432"))
    ledger = open_ledger([tmp_path / "in"], vault=tmp_path / "v.sqlite", folder=tmp_path / "out")
    secret = ["Debtor One", "13900000000", "DE89370400440532013000", "GB82WEST12345698765432", "acct-2"]
    import pyarrow.parquet as pq

    for path in (tmp_path / "out").iterdir():
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data += repr(pq.read_table(path).to_pylist()).encode()
        assert not [one for one in secret if one.encode() in data], path
    assert ledger.unmoved == {"no_status": 1}
    with Vault(tmp_path / "v.sqlite") as vault:
        found = [vault.mac_of("names", "Debtor One"), vault.mac_of("contacts", "+86-13900000000"),
                 vault.mac_of("accounts", "GB82WEST12345698765432")]  # fmt: skip
        assert vault.reverse(found, who="officer", why="report 2026-17 to the unit") == [
            "Debtor One", "+86-13900000000", "GB82WEST12345698765432"
        ]  # fmt: skip


def test_one_mac_for_one_identifier_and_not_for_one_payment(tmp_path, monkeypatch):
    asked = []
    real = macs._chunks
    monkeypatch.setattr(macs, "_chunks", lambda names: (asked.append(len(names)), real(names))[1])
    ledger = read(payments(tmp_path / "a.csv"))
    assert ledger.rows == 400 and asked == [51]
    assert len({ledger.mac_of(number) for number in range(ledger.accounts)}) == 51


def test_groups_have_keys_of_their_own():
    keys = Keys.fresh()
    made = {mac(keys, group, "13900000000") for group in ("accounts", "contacts", "names")}
    assert len(made) == 3 and {len(one) for one in made} == {16}
    assert mac(keys, "accounts", "a") == mac(keys, "accounts", "a") != mac(Keys.fresh(), "accounts", "a")
    assert macs.macs(keys, "accounts", pa.array(["a", "b"])) == mac(keys, "accounts", "a") + mac(
        keys, "accounts", "b"
    )
    assert keys.accounts.hex() not in repr(keys) and str(keys.accounts) not in repr(keys)


def test_without_a_vault_every_run_has_its_own_macs(tmp_path):
    path = payments(tmp_path / "a.csv")
    one, other = read(path), read(path)
    assert one.mac_of(0) != other.mac_of(0) and one.name_of(0) == other.name_of(0) == PAYERS[0]


def test_a_vault_gives_an_account_the_same_mac_in_every_run(tmp_path):
    path = payments(tmp_path / "a.csv")
    with Vault(tmp_path / "v.sqlite") as vault:
        one, other = read(path, vault=vault), read(path, vault=vault)
        assert vault.count == 51
    assert [one.mac_of(n) for n in range(51)] == [other.mac_of(n) for n in range(51)]


def test_a_vault_is_its_owners_alone(tmp_path):
    path = tmp_path / "deep" / "v.sqlite"
    Vault(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    with pytest.raises(StoreError, match="others"):
        Vault(path)
    (tmp_path / "no.sqlite").write_bytes(b"no database, but long enough to be looked at" * 50)
    (tmp_path / "no.sqlite").chmod(0o600)
    with pytest.raises(StoreError, match="not a vault"):
        Vault(tmp_path / "no.sqlite")


def test_every_reversal_says_who_when_and_why_and_stays(tmp_path):
    with Vault(tmp_path / "v.sqlite") as vault:
        made = mac(vault.keys(), "accounts", "a")
        vault.keep("accounts", made, pa.array(["a"]))
        for who, why in (("", "a good long reason"), ("officer", "short")):
            with pytest.raises(RefusedError):
                vault.reverse([made], who=who, why=why)
        assert vault.reversals() == []
        assert vault.reverse([made, b"?" * 16], who="officer", why="case 12, draft report") == ["a", None]
        first, second = vault.reversals()
        assert (first["who"], first["why"], first["mac"], first["found"]) == (
            "officer", "case 12, draft report", made.hex(), True
        )  # fmt: skip
        assert first["at"].endswith("Z") and second["found"] is False
        with pytest.raises(RefusedError):
            vault.forget([made], who="", why="13 months are over")
        assert vault.forget([made], who="ada", why="13 months are over") == 1
        assert vault.reverse([made], who="officer", why="after retention") == [None]
        assert [(one["who"], one["count"]) for one in vault.forgettings()] == [("ada", 1)]
    with sqlite3.connect(tmp_path / "v.sqlite") as raw:
        for statement in (
            "delete from reversals", "update reversals set who = 'nobody'", "delete from forgettings",
            "update forgettings set count = 0",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(statement)
    raw.close()


def test_a_vault_knows_in_which_month_an_identifier_was_seen_last(tmp_path):
    with Vault(tmp_path / "v.sqlite") as vault:
        keys = vault.keys()
        for day, names in ((date(2025, 1, 31), "ab"), (date(2025, 12, 1), "bc"), (date(2025, 3, 1), "ac")):
            made = b"".join(mac(keys, "accounts", name) for name in names)
            vault.keep("accounts", made, pa.array(list(names)), day)
        assert vault.months() == [date(2025, 3, 31), date(2025, 12, 31)]
        assert vault.seen_last(date(2025, 3, 5)) == [("accounts", mac(keys, "accounts", "a"))]
        assert len(vault.seen_last(date(2025, 12, 31))) == 2


def test_a_vault_of_the_first_version_goes_on(tmp_path):
    path = tmp_path / "v.sqlite"
    Vault(path).close()
    with sqlite3.connect(path) as raw:
        raw.executescript("drop table forgettings; alter table identifiers drop column seen;")
        raw.executescript("pragma user_version = 1; insert into identifiers values (x'00', 'accounts', 'a');")
    raw.close()
    for _ in range(2):
        with Vault(path) as vault:
            assert [day >= datetime.now(UTC).date() for day in vault.months()] == [True]
            assert vault.forgettings() == []


# Separated by bars and ends of lines.
COIN = """买USDT|收U|出 u|usdt 1000|比特币|BTC deal|泰达币|币安充值|火币网|欧易OKX|抹茶交易所|炒币
币商 小王|1000U|500 u 尾款|ＵＳＤＴ|u s d t|trc20 转账|buy bitcoin|payment for ETH|Binance p2p
虚拟货币款|换u|卖U款|crypto payment|买 U 转账|数字货币|gate.io|加密货币投资"""
NEUTRAL = """转账|货款|生活费|还款|借款|房租 3月|工资|payment|Transfer|invoice 2231|loan repayment
living expenses|红包|货款 U盘 200个|matcha payment|纪念币货款|游戏币付款|loan from dad|服务费
rent March"""
OTHER = """抹茶拿铁|matcha latte|买U盘|U盘 32G|买u型枕|USB stick|游戏币|充游戏币 100|纪念币两枚|熊猫纪念币
Q币|commemorative coins|2u服务器|lunch|生日快乐|ETH Zürich semester|kraken rum|人民币兑换
together|bethany|收utah明信片|买优盘|金币巧克力|A4U|抖币|数字人民币|arcade game coins|投币洗衣
diethyl ether|u盾 补办|卖U盘|出U盘|西湖 龙井"""


@pytest.mark.parametrize(("texts", "said"), [(COIN, memo.COIN), (NEUTRAL, memo.NEUTRAL), (OTHER, memo.OTHER)])
def test_memos(texts, said):
    """Hand-written, with the word traps: every one must be right."""
    every = re.split(r"[|\n]", texts)
    assert len(every) >= 20
    assert {text: memo.classify(text) for text in every if memo.classify(text) != said} == {}


def test_a_memo_is_absent_where_it_says_nothing():
    assert memo.classify("") == memo.classify(" \u3000") == memo.ABSENT
    assert memo.classes(pa.chunked_array([["买USDT", None, ""], ["转账", "x", "买USDT"]])).to_pylist() == [
        3, 0, 0, 2, 1, 3
    ]  # fmt: skip
