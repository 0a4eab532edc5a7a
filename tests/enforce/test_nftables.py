"""nftables: golden file, what is read back, and the real program's own check of the syntax."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debian import require
from enforce.entries import ENTRIES, UNTIL
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets import nftables

GOLDEN = Path(__file__).parent / "golden"
ADDRESSES = [
    Entry("huobi.pro", False, "RF-AAAA-AAAA-AAAA", "nodata", UNTIL, False, "203.0.113.9"),
    Entry("huobi.pro", False, "RF-AAAA-AAAA-AAAA", "nodata", UNTIL, False, "45.155.205.233"),
    Entry("okex.com", False, "RF-BBBB-BBBB-BBBB", "nxdomain", UNTIL, False, "2a05:d014::1"),
]
_entries = st.lists(
    st.builds(
        Entry, name=st.sampled_from(["huobi.pro", "okex.com"]), wildcard=st.just(False),
        order=st.just("RF-AAAA-AAAA-AAAA"), policy=st.sampled_from(["nodata", "nxdomain", "redirect"]),
        expires=st.just(UNTIL), laboratory=st.just(False), address=st.ip_addresses().map(str),
    ),
    unique_by=lambda entry: entry.address,
)  # fmt: skip


def test_the_golden_file() -> None:
    content = nftables.render(ADDRESSES, serial=7)
    assert content == (GOLDEN / "nftables").read_bytes()
    assert nftables.parse(content) == sorted(ADDRESSES)


@given(_entries)
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    assert nftables.parse(nftables.render(entries, serial=1)) == sorted(entries)


@pytest.mark.parametrize(
    "address", ["", "45.155.205.0/24", "045.155.205.233", "2A05:D014::1", "1.1.1.1; flush ruleset"]
)
def test_what_is_no_single_address_is_not_written(address: str) -> None:
    entry = Entry("huobi.pro", False, "RF-AAAA-AAAA-AAAA", "nodata", UNTIL, False, address)
    with pytest.raises((InputError, ValueError)):
        nftables.render([entry], serial=1)


def test_names_have_no_place_here_nor_has_the_laboratory() -> None:
    with pytest.raises(InputError):
        nftables.render(ENTRIES[:1], serial=1)
    with pytest.raises(RefusedError):
        nftables.render(ADDRESSES, serial=1, laboratory=True)
    assert not nftables.target().laboratory_ok and nftables.target().takes == "addresses"


@pytest.mark.parametrize(
    "line", ["flush ruleset", "add rule inet filter input drop", "add element inet x y { 1.1.1.1 }"]
)
def test_another_file_is_not_read_as_ours(line: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        nftables.parse(f"# ours\n{line}\n".encode())


@pytest.mark.debian
def test_the_real_program_takes_the_file_and_takes_it_again(tmp_path: Path) -> None:
    program = require("nftables", "nft")
    (tmp_path / "list.nft").write_bytes(nftables.render(ADDRESSES, serial=7))
    done = subprocess.run(
        [program, "-c", "-f", tmp_path / "list.nft"], capture_output=True, text=True, check=False
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("nft needs the capability to administer a network, even to check")
    assert (done.returncode, done.stderr) == (0, "")
    broken = nftables.render(ADDRESSES, serial=7).replace(b"comment", b"remark")
    (tmp_path / "broken.nft").write_bytes(broken)
    assert subprocess.run(
        [program, "-c", "-f", tmp_path / "broken.nft"], capture_output=True, check=False
    ).returncode
