"""A place is an address, a port and a zone; a name is none of these."""

from __future__ import annotations

import pytest

from ringfence.core.errors import InputError
from ringfence.enforce.primary.place import Place


@pytest.mark.parametrize(
    ("primary", "zone", "text"),
    [
        ("192.0.2.1:5353", "RPZ.Ringfence", "rpz.ringfence.@192.0.2.1:5353"),
        ("192.0.2.1", "rpz.ringfence.", "rpz.ringfence.@192.0.2.1:53"),
        ("[2001:DB8::1]:5353", "rpz.ringfence", "rpz.ringfence.@[2001:db8::1]:5353"),
        ("[2001:db8::1]", "rpz.ringfence", "rpz.ringfence.@[2001:db8::1]:53"),
        ("2001:db8::1", "rpz.ringfence", "rpz.ringfence.@[2001:db8::1]:53"),
    ],
)
def test_a_place_is_written_one_way(primary: str, zone: str, text: str) -> None:
    assert str(Place.from_text(primary, zone)) == text


@pytest.mark.parametrize(
    ("primary", "zone"),
    [
        ("primary.example:53", "rpz"),
        ("192.0.2.1:0", "rpz"),
        ("192.0.2.1:65536", "rpz"),
        ("192.0.2.1:x", "rpz"),
        ("", "rpz"),
        ("[192.0.2.1", "rpz"),
        ("192.0.2.1", "."),
        ("192.0.2.1", "a" * 64),
        ("192.0.2.1", "a..b"),
    ],
)
def test_what_is_no_place_is_refused(primary: str, zone: str) -> None:
    with pytest.raises(InputError):
        Place.from_text(primary, zone)
