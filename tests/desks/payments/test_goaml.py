"""The draft report: what is known stands there exactly, what is not is a gap, and nothing is invented."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ringfence.core.errors import InputError
from ringfence.desks.payments.goaml import Draft, Movement, amount_text, render
from ringfence.desks.payments.goaml_shape import BLANK, problems

OWN, OTHER = "account:" + "0" * 32, "account:" + "1" * 32
IN = Movement("payment:1", "2026-03-02T10:11:12.000000Z", OTHER, OWN, 123456, "CNY", True)
OUT = Movement("payment:2", "2026-03-02T10:12:12.000000Z", OWN, OTHER, 120000, "CNY")
DRAFT = Draft(OWN, "CA-0000-0000-0000", "two transactions", "", ("pass_through", "memo"), (IN, OUT))


def test_what_is_known_and_nothing_else() -> None:
    report = fromstring(render(DRAFT))
    assert problems(report) == []
    first, second = report.findall("transaction")
    assert first.findtext("date_transaction") == "2026-03-02T10:11:12"
    assert first.findtext("amount_local") == "1234.56" and report.findtext("currency_code_local") == "CNY"
    assert first.findtext("t_from/from_account/account") == OTHER
    assert first.findtext("t_to_my_client/to_account/account") == OWN
    assert second.findtext("t_from_my_client/from_account/account") == OWN
    for gap in ("rentity_id", "submission_date", "reporting_person/last_name", "action"):
        assert (report.findtext(gap) or "").startswith(BLANK), gap
    for gap in ("transmode_code", "t_from/from_country", "t_from/from_account/institution_name"):
        assert (first.findtext(gap) or "").startswith(BLANK), gap
    assert any("to be completed" in one for one in problems(report, complete=True))


def test_a_transaction_of_which_only_the_id_is_known_is_all_gaps() -> None:
    report = fromstring(render(msgspec.structs.replace(DRAFT, movements=(Movement("payment:9"),))))
    (one,) = report.findall("transaction")
    texts = [node.text or "" for node in one.iter() if len(node) == 0]
    assert texts[0] == "payment:9" and all(text.startswith(BLANK) for text in texts[1:])


def test_two_currencies_have_no_local_one_and_are_written_as_foreign() -> None:
    dollars = msgspec.structs.replace(OUT, currency="USD")
    report = fromstring(render(msgspec.structs.replace(DRAFT, movements=(IN, dollars))))
    assert (report.findtext("currency_code_local") or "").startswith(BLANK)
    assert report.findtext("transaction/t_from/from_foreign_currency/foreign_amount") == "1234.56"
    assert (report.findtext("transaction/amount_local") or "").startswith(BLANK)


def test_identifiers_are_written_only_as_the_caller_gives_them() -> None:
    made = render(DRAFT, lambda name: "6222-1" if name == OWN else name)
    assert made.count(b"<account>6222-1</account>") == 2 and OTHER.encode() in made


def test_the_laboratory_is_marked_and_no_transactions_are_no_report() -> None:
    assert render(msgspec.structs.replace(DRAFT, laboratory=True)).count(b"laboratory: true") == 2
    with pytest.raises(InputError, match="no"):
        render(msgspec.structs.replace(DRAFT, movements=()))


@given(st.text(max_size=60), st.text(max_size=50))
@example("\x00<&>]]>\ufffe\ud800\r" * 900, "\uffff\x0b</account>")
def test_any_text_stays_text(reason: str, name: str) -> None:
    move = msgspec.structs.replace(IN, id=f"t{name}", payer=f"p{name}")
    drafted = msgspec.structs.replace(DRAFT, reason=f"x{reason}", movements=(move, OUT))
    found = fromstring(render(drafted))
    assert len(found.findtext("reason") or "") <= 4000
    assert [node.tag for node in found.iter()] == [node.tag for node in fromstring(render(DRAFT)).iter()]


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1, "CNY", "0.01"), (10**15, "CNY", "10000000000000.00"), (7, "JPY", "7"), (1234, "KWD", "1.234"),
        (2**53 + 1, "USD", "90071992547409.93"), (-5, "EUR", "-0.05"),
    ],
)  # fmt: skip
def test_amounts_are_exact(minor: int, currency: str, text: str) -> None:
    assert amount_text(minor, currency) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [("currency_code_local", "yuan"), ("transaction/amount_local", "1,234"), ("report_code", "str")],
)
def test_the_check_sees_what_is_wrong(path: str, text: str) -> None:
    report = fromstring(render(DRAFT))
    node = report.find(path)
    assert node is not None
    node.text = text
    assert len(problems(report)) == 1


def test_the_check_sees_order_number_and_strangers() -> None:
    report = fromstring(render(DRAFT))
    report.insert(0, report.findall("transaction")[1])
    assert "out of order" in problems(report)[0]
    report = fromstring(render(DRAFT))
    one = report.find("transaction")
    assert one is not None
    one.remove(one.find("t_from"))  # type: ignore[arg-type]
    one.append(fromstring("<t_to/>"))
    assert len(problems(report)) >= 3
    assert problems(fromstring("<html/>"))
