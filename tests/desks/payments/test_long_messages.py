"""Messages as a stream: one transaction at a time, whatever the file's length; a file counts whole or not."""

import io
import json
import random

import pyarrow.parquet as pq
import pytest

from desks.payments.small import rows_of
from desks.payments.test_iso20022 import FIRST, IBAN, PAIN, pacs, status, told
from ringfence.desks.payments import document, settle
from ringfence.desks.payments.document import BadDocumentError, pieces, values
from ringfence.desks.payments.read import read

ONE = """<CdtTrfTxInf><PmtId><EndToEndId>e{n}</EndToEndId></PmtId>
<IntrBkSttlmAmt Ccy="CNY">{n}.00</IntrBkSttlmAmt><Dbtr><Nm>D</Nm></Dbtr>
<DbtrAcct><Id><Othr><Id>p{n}</Id></Othr></Id></DbtrAcct>
<CdtrAcct><Id><Othr><Id>q</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"""
HEAD = "<GrpHdr><MsgId>m</MsgId><CreDtTm>2026-03-01T02:00:00Z</CreDtTm></GrpHdr>"
SAID = """<TxInfAndSts><OrgnlEndToEndId>e{n}</OrgnlEndToEndId><TxSts>{said}</TxSts></TxInfAndSts>"""


def transfers(count, head=HEAD, tail="</FIToFICstmrCdtTrf></Document>"):
    return (
        f"<Document><FIToFICstmrCdtTrf>{head}" + "".join(ONE.format(n=n) for n in range(1, count + 1)) + tail
    )


def statuses(said):
    inside = "".join(SAID.format(n=n, said=one) for n, one in said)
    whole = "<OrgnlGrpInfAndSts><OrgnlMsgId>m</OrgnlMsgId></OrgnlGrpInfAndSts>"
    return f"<Document><FIToFIPmtStsRpt>{HEAD}{whole}{inside}</FIToFIPmtStsRpt></Document>"


class Endless(io.RawIOBase):
    """Transactions without end: reading has to give some before it could have read all."""

    def __init__(self, head, one):
        self.made, self._one, self._rest = 0, one, head.encode()

    def read(self, size=-1):
        while len(self._rest) < size:
            self.made += 1
            self._rest += self._one.format(n=self.made).encode()
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


def test_a_transaction_is_given_before_the_next_ones_are_read():
    stream = Endless(f"<Document><FIToFICstmrCdtTrf>{HEAD}", ONE)
    found = pieces(stream)
    for n in range(1, 3000):
        piece = next(found)
        assert document.text(piece.one, "PmtId", "EndToEndId") == f"e{n}"
        assert set(piece.root) == {"GrpHdr"}, "what was given is not held"
        assert stream.made - n < 2000
    listed = Endless("[", '{{"n": {n}}},')
    for n, one in zip(range(1, 30_000), values(listed), strict=False):
        assert one == {"n": str(n)} and listed.made - n < 40_000


def test_what_one_transaction_may_hold_is_bounded(monkeypatch):
    monkeypatch.setattr(document, "MAX_ELEMENTS", 300)
    assert len(list(pieces(io.BytesIO(transfers(200).encode())))) == 201
    with pytest.raises(BadDocumentError, match="many"):
        list(pieces(io.BytesIO(transfers(200, head="").encode())))
    with pytest.raises(BadDocumentError, match="many"):
        list(pieces(io.BytesIO(transfers(3).replace("<Dbtr>", "<Dbtr>" + "<Nm/>" * 300, 1).encode())))


@pytest.mark.parametrize("flush", [1, 3, 1000])
def test_many_are_settled_as_few_are(tmp_path, monkeypatch, flush):
    monkeypatch.setattr(settle, "_FLUSH", flush)
    (tmp_path / "1.xml").write_text(transfers(60))
    (tmp_path / "2.xml").write_text(statuses((n, "ACCC" if n % 3 else "RJCT") for n in range(1, 60)))
    ledger = read(tmp_path)
    assert ledger.rows == 40 and ledger.unmoved == {"RJCT": 19, "no_status": 1} and ledger.input_rows == 60
    assert [one["amount"] for one in rows_of(ledger)] == [n * 100 for n in range(1, 60) if n % 3]
    apart = pq.read_table(ledger.path.parent / "unmoved.parquet").to_pylist()
    assert [one["tx_id"] for one in apart] == [f"e{n}" for n in (*range(3, 60, 3), 60)]


@pytest.mark.parametrize("share", [0.3, 0.7, 0.999])
def test_of_a_file_that_breaks_off_nothing_counts_and_every_row_is_told(tmp_path, share):
    text = transfers(50)
    (tmp_path / "1.xml").write_text(text[: int(len(text) * share)])
    (tmp_path / "2.xml").write_text(statuses([(3, "ACCC")]))
    (tmp_path / "3.xml").write_text(pacs())
    (tmp_path / "4.xml").write_text(status())
    ledger = read(tmp_path)
    assert [one["tx_id"] for one in rows_of(ledger)] == ["e1"]
    counts = dict(ledger.quarantine.counts)
    assert counts.pop("not_xml") == 1 and counts.pop("unknown_payment") == 1
    read_before = text[: int(len(text) * share)].count("</CdtTrfTxInf>")
    assert counts == ({"broken_message": read_before} if read_before else {})
    told_of = [one.row for one in ledger.quarantined() if one.file == "1.xml"]
    assert sorted(told_of) == list(range(1, read_before + 2))


def test_a_header_that_comes_last_and_messages_in_an_envelope(tmp_path):
    late = transfers(3, head="", tail=HEAD + "</FIToFICstmrCdtTrf></Document>")
    both = statuses((n, "ACCC") for n in (1, 2, 3))
    (tmp_path / "1.xml").write_text(f"<Batch><AppHdr/>{late}<X>{both}</X></Batch>")
    assert read(tmp_path).rows == 3


def test_groups_of_an_instruction_have_their_own_payers(tmp_path):
    text = PAIN.format(**FIRST)
    begin, end = text.index("<PmtInf>"), text.index("</PmtInf>") + len("</PmtInf>")
    other = text[begin:end].replace("e1", "e2").replace(IBAN, "GB82WEST12345698765432")
    swapped = text[begin:end].replace("e1", "e3")  # a group whose payer comes after its payments
    payer = swapped[swapped.index("<DbtrAcct>") : swapped.index("</DbtrAcct>") + 11]
    swapped = swapped.replace(payer, "").replace("</PmtInf>", payer + "</PmtInf>")
    said = "".join(SAID.format(n=n, said="ACCC") for n in (1, 2, 3))
    paid = f"<Document><FIToFIPmtStsRpt>{HEAD}{said}</FIToFIPmtStsRpt></Document>"
    ledger = told(tmp_path / "in", text[:end] + other + swapped + text[end:], paid)
    assert [ledger.name_of(one["payer"])[:2] for one in rows_of(ledger)] == ["DE", "GB", "DE"]


@pytest.mark.parametrize("encoding", ["gb18030", "GB2312", "big5", "iso-8859-1", "utf-16"])
def test_encodings_that_a_file_declares(tmp_path, encoding):
    name = "Müller" if encoding == "iso-8859-1" else "中文"
    text = transfers(1).replace("<Nm>D</Nm>", f"<Nm>{name}</Nm>").replace("<Othr><Id>q", f"<Othr><Id>{name}")
    (tmp_path / "1.xml").write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding))
    (tmp_path / "2.xml").write_text(statuses([(1, "ACCC")]))
    ledger = read(tmp_path)
    assert ledger.name_of(rows_of(ledger)[0]["payee"]) == name


def test_times_are_compared_as_times_and_not_as_text(tmp_path):
    """In Shanghai nine is before two in London; the rejection came first."""
    said = [status("RJCT", "2026-03-01T09:00:00+08:00"), status("ACCC", "2026-03-01T02:00:00Z")]
    assert told(tmp_path / "in", pacs(), *said).rows == 1


def test_an_id_that_everybody_uses_costs_no_more(tmp_path):
    """One end-to-end id for all, as careless systems write: told apart by their own ids, or not at all."""
    count, account = 10_000, {"Id": {"Othr": {"Id": "a"}}}
    other, head = {"Id": {"Othr": {"Id": "b"}}}, {"CreDtTm": "2026-03-01T02:00:00Z"}

    def paid(n):
        ids = {"EndToEndId": "REF", "TxId": f"t{n}"}
        one = {"PmtId": ids, "IntrBkSttlmAmt": {"Amt": "5", "Ccy": "CNY"}, "DbtrAcct": account}
        root = {"GrpHdr": head | {"MsgId": f"m{n}"}, "CdtTrfTxInf": one | {"CdtrAcct": other}}
        return {"TxTp": "pacs.008", "FIToFICstmrCdtTrf": root}

    def state(n):
        one = {"OrgnlEndToEndId": "REF", "TxSts": "ACCC"} | ({"OrgnlTxId": f"t{n}"} if n % 2 else {})
        return {"TxTp": "pacs.002", "FIToFIPmtSts": {"GrpHdr": head, "TxInfAndSts": one}}

    listed, states = [paid(n) for n in range(count)], [state(n) for n in range(count)]
    random.Random(1).shuffle(states)
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in [*listed, *states]))
    ledger = read(tmp_path / "a.jsonl")
    assert ledger.rows == count // 2 and ledger.unmoved == {"no_status": count // 2}
    assert ledger.quarantine.counts == {"ambiguous_status": count // 2}


def test_payments_that_are_no_money_do_not_overflow(tmp_path):
    texts = {
        "1" + "0" * 29: "too_large",
        "1.00000000000000000000000000000001": "not_whole",
        "1_000": "bad_amount",
    }
    for number, (amount, why) in enumerate(texts.items()):
        ledger = told(tmp_path / str(number), pacs(amount=amount), pacs(message="m2", ends="e2"))
        assert ledger.unmoved == {"no_status": 1} and ledger.quarantine.counts == {why: 1}


def test_long_lines_are_messages_too(tmp_path):
    text = json.dumps({"TxTp": "pacs.008", "Pad": "x" * (2 << 20), "FIToFICstmrCdtTrf": {}})
    (tmp_path / "a.jsonl").write_text(text + "\n")
    assert read(tmp_path / "a.jsonl").quarantine.counts == {"bad_message": 1}
