"""IP → country: ranges, bounds, and data that contradict themselves."""

from pathlib import Path

import pytest

from ringfence.core.country import Countries, disjoint
from ringfence.core.errors import InputError

ROWS = [
    ("192.0.2.0", "192.0.2.127", "AU"),
    ("192.0.2.128", "192.0.2.255", "CN"),
    ("2001:db8::", "2001:db8::ff", "JP"),
]


def test_bounds_are_inclusive_and_gaps_are_unknown():
    found = Countries(ROWS, source="test", digest="")
    assert [found.lookup(a) for a in ("192.0.2.0", "192.0.2.127", "192.0.2.128", "192.0.2.255")] == [
        "AU",
        "AU",
        "CN",
        "CN",
    ]
    assert found.lookup("192.0.1.255") is None
    assert found.lookup("192.0.3.0") is None
    assert found.lookup("::ffff:192.0.2.1") == "AU"
    assert found.lookup("2001:db8::ff") == "JP"
    assert found.lookup("2001:db8::100") is None


def test_the_compact_form_says_the_same():
    rows = [*ROWS[:2], ("0.0.0.0", "0.0.0.0", "US"), ("255.255.255.255", "255.255.255.255", "DE")]
    found = Countries(rows, source="test", digest="")
    again = Countries.from_bytes(found.to_bytes())
    for address in ("0.0.0.0", "0.0.0.1", "192.0.2.0", "192.0.2.255", "192.0.3.0", "255.255.255.255"):
        assert again.lookup(address) == found.lookup(address)
    assert again.source == "test"
    assert again.digest.startswith("sha256:")
    assert again.to_bytes() == found.to_bytes()


def test_a_csv_with_or_without_header(tmp_path):
    path = tmp_path / "ranges.csv"
    for head in ("start,end,country\n", ""):
        path.write_text(head + "\n".join(",".join(row) for row in ROWS))
        assert Countries.load(path).lookup("192.0.2.5") == "AU"
    path.write_bytes(Countries.load(path).to_bytes())
    assert Countries.load(path).lookup("192.0.2.5") == "AU"


@pytest.mark.parametrize(
    "content",
    [
        "192.0.2.0,192.0.2.9\n",
        "192.0.2.9,192.0.2.0,AU\n",
        "192.0.2.0,2001:db8::,AU\n",
        "192.0.2.0,192.0.2.9,Australia\n",
        "a,b,AU\n",
        "192.0.2.0,192.0.2.9,AU\n192.0.2.9,192.0.2.10,CN\n",
        "RINGFENCE-COUNTRY 1\nnonsense",
        'RINGFENCE-COUNTRY 1\n{"source":"x","countries":[],"ranges":3}\nnonsense',
    ],
)
def test_bad_files_are_input_errors(tmp_path, content):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(InputError):
        Countries.load(path)
    with pytest.raises(InputError):
        Countries.load(tmp_path / "none.csv")


def test_where_a_source_contradicts_itself_the_country_is_unknown():
    rows, left_out = disjoint([(0, 9, "AU"), (5, 14, "CN"), (15, 19, "CN"), (30, 39, "US"), (30, 34, "US")])
    assert rows == [(0, 4, "AU"), (10, 19, "CN"), (30, 39, "US")]
    assert left_out == 5


def test_the_bundled_ranges():
    found = Countries.load()
    assert found.lookup("114.114.114.114") == "CN"
    assert found.lookup("8.8.8.8") == "US"
    assert found.lookup("10.0.0.1") is None
    assert found.lookup("2001:4860:4860::8888") is None
    sources = (Path(__file__).parents[2] / "src/ringfence/core/data/SOURCES.md").read_text()
    assert "geo-whois-asn-country" in found.source
    assert "CC0-1.0" in sources
    with pytest.raises(InputError):
        found.lookup("not an address")
