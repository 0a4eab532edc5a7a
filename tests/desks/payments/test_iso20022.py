"""Payment messages: money moved only where a status says so; what is no message is refused."""

import io
import json

import pyarrow.parquet as pq
import pytest

from desks.payments.small import rows_of
from ringfence.desks.payments.document import BadDocumentError, from_json, pieces
from ringfence.desks.payments.iso20022 import is_iban
from ringfence.desks.payments.lists import read_contacts
from ringfence.desks.payments.read import open_ledger, read

PAIN = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-03-01T02:00:00Z</CreDtTm><NbOfTxs>1</NbOfTxs></GrpHdr>
<PmtInf><PmtInfId>p</PmtInfId><Dbtr><Nm>Debtor One</Nm></Dbtr>
<DbtrAcct><Id><IBAN>{payer}</IBAN></Id></DbtrAcct>
<CdtTrfTxInf><PmtId><EndToEndId>{ends}</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt>
<Cdtr><Nm>Creditor Two</Nm></Cdtr><CdtrAcct><Id><Othr><Id>acct-2</Id></Othr></Id></CdtrAcct>
<RmtInf><Ustrd>invoice 7</Ustrd></RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>"""
PACS = """<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.{version}"><p:FIToFICstmrCdtTrf>
<p:GrpHdr><p:MsgId>{message}</p:MsgId><p:CreDtTm>2026-03-01T02:00:01Z</p:CreDtTm></p:GrpHdr>
<p:CdtTrfTxInf><p:PmtId><p:EndToEndId>{ends}</p:EndToEndId><p:TxId>tx-{ends}</p:TxId></p:PmtId>
<p:IntrBkSttlmAmt Ccy="{currency}">{amount}</p:IntrBkSttlmAmt>
<p:Dbtr><p:Nm>Debtor One</p:Nm><p:CtctDtls><p:MobNb>+86-13900000000</p:MobNb></p:CtctDtls></p:Dbtr>
<p:DbtrAcct><p:Id><p:IBAN>{payer}</p:IBAN></p:Id></p:DbtrAcct>
<p:CdtrAcct><p:Id><p:Othr><p:Id>acct-2</p:Id></p:Othr></p:Id></p:CdtrAcct>
</p:CdtTrfTxInf></p:FIToFICstmrCdtTrf></p:Document>"""
STATUS = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"><FIToFIPmtStsRpt>
<GrpHdr><MsgId>s</MsgId><CreDtTm>{time}</CreDtTm></GrpHdr>
<TxInfAndSts><OrgnlGrpInf><OrgnlMsgId>{message}</OrgnlMsgId></OrgnlGrpInf>
<OrgnlEndToEndId>{ends}</OrgnlEndToEndId><TxSts>{status}</TxSts></TxInfAndSts>
</FIToFIPmtStsRpt></Document>"""
IBAN = "DE89 3704 0044 0532 0130 00"
FIRST = {"message": "m1", "ends": "e1", "currency": "EUR", "amount": "719.50", "payer": IBAN}


def told(folder, *documents):
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(documents):
        (folder / f"{number:02}.xml").write_text(text, encoding="utf-8")
    return read(folder)


def pacs(version="08", **more):
    return PACS.format(version=version, **(FIRST | more))


def status(said="ACCC", time="2026-03-01T02:00:09Z", message="m1", ends="e1"):
    return STATUS.format(status=said, time=time, message=message, ends=ends)


@pytest.mark.parametrize("version", ["02", "08", "12"])
def test_a_settled_payment_moves_at_its_settlement(tmp_path, version):
    ledger = told(tmp_path / "in", pacs(version), status())
    (only,) = rows_of(ledger)
    assert (only["tx_id"], only["amount"], only["ts"]) == ("e1", 71950, 1772330409 * 10**6)
    assert ledger.name_of(only["payer"]) == "DE89370400440532013000"
    assert ledger.name_of(only["payee"]) == "acct-2"
    assert ledger.unmoved == {} and ledger.quarantine.rows == 0


@pytest.mark.parametrize(
    ("statuses", "moved", "unmoved"),
    [
        ([], 0, {"no_status": 1}),
        (["RJCT"], 0, {"RJCT": 1}),
        (["ACSP"], 0, {"ACSP": 1}),
        (["ACSP", "ACCC"], 1, {}),
        (["ACCC", "ACSC"], 1, {}),
        (["ACCC", "RJCT"], 0, {"RJCT": 1}),
        (["RJCT", "ACCC"], 1, {}),
    ],
)
def test_the_last_word_decides(tmp_path, statuses, moved, unmoved):
    said = [status(one, f"2026-03-01T02:00:1{n}Z") for n, one in enumerate(statuses)]
    ledger = told(tmp_path / "in", *reversed(said), pacs())
    assert ledger.rows == moved and ledger.unmoved == unmoved and ledger.input_rows == 1
    kept = pq.read_table(ledger.path.parent / "unmoved.parquet").to_pylist()
    assert [one["status"] or "no_status" for one in kept] == list(unmoved)


def test_other_statuses_may_be_chosen(tmp_path):
    told(tmp_path / "in", pacs(), status("ACSC"))
    assert read(tmp_path / "in").rows == 0
    assert read(tmp_path / "in", settled=frozenset({"ACCC", "ACSC"})).rows == 1


def test_an_instruction_and_its_transfer_are_one_payment(tmp_path):
    ledger = told(tmp_path / "in", PAIN.format(**FIRST | {"message": "i1"}), pacs(), status())
    assert ledger.rows == 1 and ledger.unmoved == {}
    alone = told(tmp_path / "alone", PAIN.format(**FIRST), status())
    assert rows_of(alone)[0]["memo"] == 2 and rows_of(alone)[0]["amount"] == 71950


def test_a_status_is_joined_by_message_and_end_to_end_id(tmp_path):
    """Two payers used one end-to-end id: the message tells them apart, and the ids are told apart too."""
    other = pacs(message="m2", amount="5.00")
    ledger = told(tmp_path / "in", pacs(), other, status(message="m2"))
    assert [(one["tx_id"], one["amount"]) for one in rows_of(ledger)] == [("m2/e1", 500)]
    assert ledger.unmoved == {"no_status": 1}
    unclear = told(tmp_path / "unclear", pacs(), other, status(message=""))
    assert unclear.rows == 0 and unclear.quarantine.counts == {"ambiguous_status": 1}
    strange = told(tmp_path / "strange", pacs(), status(message="m9"))
    assert strange.rows == 0 and strange.quarantine.counts == {"unknown_payment": 1}


def test_the_same_message_twice_counts_once(tmp_path):
    ledger = told(tmp_path / "in", pacs(), pacs(), pacs(amount="1.00"), status(), status())
    assert ledger.rows == 1 and ledger.quarantine.counts == {"conflict": 1, "duplicate": 1}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"currency": "JPY", "amount": "1.5"}, "not_whole"),
        ({"amount": "1.005"}, "not_whole"),
        ({"amount": "0.00"}, "not_positive"),
        ({"amount": "-3.00"}, "not_positive"),
        ({"amount": "lots"}, "bad_amount"),
        ({"amount": "NaN"}, "bad_amount"),
        ({"amount": "1e9999"}, "too_large"),
        ({"amount": "10000000000000.01"}, "too_large"),
        ({"currency": "XXQ"}, "no_minor_unit"),
        ({"currency": "EURO"}, "bad_currency"),
        ({"payer": "DE88370400440532013000"}, "bad_account"),
        ({"payer": ""}, "no_account"),
        ({"ends": ""}, "no_tx_id"),
    ],
)
def test_a_payment_that_is_not_valid_is_quarantined(tmp_path, change, why):
    text = pacs(**change)
    if why == "no_tx_id":
        text = text.replace("<p:TxId>tx-</p:TxId>", "")
    ledger = told(
        tmp_path / "in", text, status(), pacs(message="m7", ends="e7"), status(message="m7", ends="e7")
    )
    assert ledger.rows == 1 and ledger.quarantine.counts[why] == 1


def test_currencies_have_their_own_decimals(tmp_path):
    for currency, amount, minor in (("JPY", "719", 719), ("KWD", "1.234", 1234), ("CNY", "7.10", 710)):
        ledger = told(tmp_path / currency, pacs(currency=currency, amount=amount), status())
        assert [one["amount"] for one in rows_of(ledger)] == [minor]


def tazama(ends="e1", amount="719.5", said="ACCC"):
    account = {"Id": {"Othr": [{"Id": "acct-1", "SchmeNm": {"Prtry": "MSISDN"}}]}}
    one = {
        "PmtId": {"InstrId": "i", "EndToEndId": ends},
        "IntrBkSttlmAmt": {"Amt": {"Amt": float(amount), "Ccy": "CNY"}},
        "Dbtr": {"Nm": "D", "CtctDtls": {"MobNb": "+00-1"}},
        "DbtrAcct": account,
        "CdtrAcct": {"Id": {"Othr": [{"Id": "acct-2"}]}},
    }
    head = {"MsgId": f"m-{ends}", "CreDtTm": "2026-03-01T02:00:01.000Z"}
    paid = {"TxTp": "pacs.008.001.10", "FIToFICstmrCdtTrf": {"GrpHdr": head, "CdtTrfTxInf": one,
                                                             "RmtInf": {"Ustrd": "买 USDT"}}}  # fmt: skip
    done = {"OrgnlInstrId": "i", "OrgnlEndToEndId": ends, "TxSts": said, "AccptncDtTm": head["CreDtTm"]}
    return paid, {"TxTp": "pacs.002.001.12", "FIToFIPmtSts": {"GrpHdr": head, "TxInfAndSts": done}}


@pytest.mark.parametrize("shape", ["lines", "files", "list"])
def test_tazamas_json(tmp_path, shape):
    messages = [*tazama(), *tazama("e2", "0.29", "RJCT"), *tazama("e3", "1.10")]
    if shape == "lines":
        (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in messages))
    elif shape == "list":
        (tmp_path / "a.json").write_text(json.dumps(messages))
    else:
        for number, one in enumerate(messages):
            (tmp_path / f"{number}.json").write_text(json.dumps(one))
    ledger = read(tmp_path)
    assert [(one["tx_id"], one["amount"], one["memo"]) for one in rows_of(ledger)] == [
        ("e1", 71950, 3), ("e3", 110, 3)
    ]  # fmt: skip
    assert ledger.unmoved == {"RJCT": 1}


def test_a_contact_leads_to_the_account_of_its_messages(tmp_path):
    ledger = told(tmp_path / "in", pacs(), status())
    (tmp_path / "c.csv").write_text("account,source,first_seen\n+86-13900000000,ad,2026-02-01\n")
    seen = read_contacts(tmp_path / "c.csv", ledger)
    assert [ledger.name_of(number) for number in seen] == ["DE89370400440532013000"]


LAUGHS = "<!DOCTYPE a [<!ENTITY x 'ha'>" + "".join(
    f"<!ENTITY x{n} '{f'&x{n - 1 or str()};' * 10}'>" for n in range(1, 9)
)
BAD = {
    "laughs": LAUGHS + "]><a>&x8;</a>",
    "outside": "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "outside type": "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
    "deep": "<a>" * 5000 + "</a>" * 5000,
    "cut": pacs()[:400],
    "text": "no message at all",
    "other": "<Document><Other/></Document>",
}
WHY = {"other": "bad_message", "deep": "too_much", "cut": "not_xml", "text": "not_xml"}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_message_costs_only_itself(tmp_path, name):
    ledger = told(tmp_path / "in", BAD[name], pacs(), status())
    assert ledger.rows == 1 and ledger.quarantine.counts == {WHY.get(name, "doctype"): 1}
    assert ledger.quarantine.first[0].file == "00.xml"
    assert any(line.startswith("00.xml: ") for line in ledger.notes)


def test_payments_without_any_status_say_what_is_missing(tmp_path):
    (tmp_path / "a.xml").write_text(pacs())
    said = []
    with open_ledger([tmp_path / "a.xml"], tell=said.append) as ledger:
        assert ledger.rows == 0
    assert "money moved where a pacs.002 says ACCC: give these messages too" in said


def test_xml_and_json_are_bounded(monkeypatch):
    from ringfence.desks.payments import document

    monkeypatch.setattr(document, "MAX_ELEMENTS", 100)
    with pytest.raises(BadDocumentError, match="many"):
        list(pieces(io.BytesIO(b"<a>" + b"<b/>" * 200 + b"</a>")))
    monkeypatch.setattr(document, "MAX_BYTES", 100)
    with pytest.raises(BadDocumentError, match="MB"):
        list(pieces(io.BytesIO(b"<a>" + b" " * 200 + b"</a>")))
    for text in ("[" * 100_000, '{"a": 1, "a": 2}', '{"a": NaN}', "{"):
        with pytest.raises(BadDocumentError):
            from_json(text)


def test_check_digits_of_ibans():
    assert is_iban("GB82WEST12345698765432") and is_iban("DE89370400440532013000")
    assert (
        not is_iban("GB82WEST12345698765433")
        and not is_iban("DE00")
        and not is_iban("éé89370400440532013000")
    )
