"""Entries that the tests of targets share."""

from __future__ import annotations

from hypothesis import strategies as st

from ringfence.enforce.entry import Entry

UNTIL = "2019-02-20T09:00:00.000000Z"
ENTRIES = [
    Entry("huobi.pro", False, "RF-AAAA-AAAA-AAAA", "nodata", UNTIL),
    Entry("huobi.pro", True, "RF-AAAA-AAAA-AAAA", "nodata", UNTIL),
    Entry("okex.com", False, "RF-BBBB-BBBB-BBBB", "nxdomain", UNTIL),
    Entry("okex.com", True, "RF-BBBB-BBBB-BBBB", "nxdomain", UNTIL),
    Entry("bit-z.com", False, "RF-CCCC-CCCC-CCCC", "redirect", UNTIL),
    Entry("xn--hubi-6na.com", False, "RF-DDDD-DDDD-DDDD", "nodata", UNTIL),
]
LABORATORY = [Entry("huobi.pro", False, "RF-EEEE-EEEE-EEEE", "nodata", UNTIL, laboratory=True)]

_label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
_names = st.lists(_label, min_size=2, max_size=5).map(".".join)
entries = st.lists(
    st.builds(
        Entry,
        name=_names,
        wildcard=st.booleans(),
        order=st.from_regex(r"RF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", fullmatch=True),
        policy=st.sampled_from(["nodata", "nxdomain", "redirect"]),
        expires=st.just(UNTIL),
        laboratory=st.just(False),
    ),
    max_size=20,
    unique_by=lambda entry: (entry.name, entry.wildcard),
)
