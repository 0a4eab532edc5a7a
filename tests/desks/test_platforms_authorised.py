"""*Not authorised*: against a sealed register, explained; absence from a partial list proves nothing."""

from datetime import date

from ringfence.core.country import Countries
from ringfence.desks.platforms.find import find
from ringfence.desks.platforms.look import Look
from ringfence.register.licence import AuthorisedEntry, AuthorisedRegister

ON = date(2026, 8, 3)


def register(*, exhaustive: bool) -> AuthorisedRegister:
    entry = AuthorisedEntry("Example Exchange SAS", hosts=("exchange.example",), since="2025-01-01")
    return AuthorisedRegister("Register", "Authority", "2026-08-01", exhaustive, "test", (entry,))


def found(host: str, authorised: AuthorisedRegister | None):
    look = Look(f"site:{host}", host, None, None, None, None, {})
    findings = find(look, Countries((), source="none", digest="sha256:" + "0" * 64), authorised, ON).findings
    return next((finding for finding in findings if finding.element == "not_authorised"), None)


def test_nothing_is_found_where_no_register_is_given():
    assert found("exchange.example", None) is None


def test_a_listed_host_is_authorised_and_the_finding_names_the_entry_and_the_seal():
    sealed = register(exhaustive=True)
    finding = found("www2.exchange.example", sealed)
    assert finding.state == "not_met" and "Example Exchange" in finding.reason
    assert finding.evidence == (sealed.digest,)
    assert finding.references["authorised_register"] == sealed.digest


def test_absence_counts_only_against_an_exhaustive_register():
    assert found("other.example", register(exhaustive=True)).state == "met"
    assert found("other.example", register(exhaustive=False)).state == "unclear"
