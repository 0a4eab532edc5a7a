"""Who is authorised: explained matches, and absence that proves nothing."""

from datetime import date

import msgspec
import pytest

from ringfence.core.errors import InputError
from ringfence.register.licence import AuthorisedEntry, AuthorisedRegister, match, not_authorised, plain_name
from ringfence.register.subject import make_site

REGISTER = AuthorisedRegister(
    name="Register of providers",
    authority="Invented authority",
    as_of="2026-09-17",
    exhaustive=False,
    source="invented",
    entries=(
        AuthorisedEntry("Beispiel Börse GmbH", ("www.beispiel.example",), "1"),
        AuthorisedEntry("Tenant", ("tenant.github.io",), "2"),
        AuthorisedEntry("Ended S.A.", ("ended.example",), "3", until="2026-01-01"),
    ),
)


@pytest.mark.parametrize(
    ("host", "name", "how", "firm"),
    [
        ("beispiel.example", "Anything", "host", True),
        ("trade.beispiel.example", "Anything", "registrable_domain", True),
        ("other.example", "Beispiel Borse", "name", False),
        ("other.example", "Beispiel Boerse", "similar_name", False),
    ],
)
def test_matches_are_explained(host, name, how, firm):
    found = match(make_site(host, name, "list"), REGISTER)
    assert (found.how, found.firm) == (how, firm)
    assert found.reason


def test_neighbours_under_a_public_suffix_do_not_match():
    assert match(make_site("other.github.io", "Other", "list"), REGISTER) is None


def test_an_ended_authorisation_counts_only_while_it_lasted():
    site = make_site("ended.example", "Anything", "list")
    assert match(site, REGISTER) is None
    assert match(site, REGISTER, on=date(2025, 12, 31)).how == "host"


def test_absence_proves_nothing_unless_the_register_is_exhaustive():
    site = make_site("nobody.example", "Nobody", "list")
    assert not_authorised(site, REGISTER)[0] == "unclear"
    exhaustive = msgspec.structs.replace(REGISTER, exhaustive=True)
    assert not_authorised(site, exhaustive)[0] == "met"
    assert not_authorised(make_site("beispiel.example", "B", "list"), exhaustive)[0] == "not_met"
    assert not_authorised(make_site("x.example", "Beispiel Börse", "list"), exhaustive)[0] == "unclear"


def test_the_seal_is_checked():
    data = REGISTER.to_json()
    assert AuthorisedRegister.from_json(data, sealed=REGISTER.digest) == REGISTER
    with pytest.raises(InputError, match="sealed"):
        AuthorisedRegister.from_json(data, sealed="sha256:" + "0" * 64)
    with pytest.raises(InputError):
        AuthorisedRegister.from_json(b"{}")


def test_names_without_their_legal_form():
    assert plain_name("Beispiel Börse G.m.b.H.") == plain_name("BEISPIEL BORSE")
    assert plain_name("杭州示例科技有限公司") == "杭州示例科技"
    assert plain_name("AG") == "ag"
