"""OONI measurements: read, judged, written, and anything at all in their place."""

import csv
import gzip
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.core.errors import InputError
from ringfence.desks.access.judge import judge
from ringfence.desks.access.ooni.files import MAX_LINE, measurements
from ringfence.desks.access.ooni.read import read
from ringfence.desks.access.ooni.words import failure, outcome
from ringfence.desks.access.rules import RULES
from ringfence.evidence.observation import OUTCOMES

SHARED = Path(__file__).parents[3] / "shared" / "data" / "access"
CONCLUSIONS = (
    "blocking", "accessible", "dns_consistency", "x_dns_flags", "x_blocking_flags", "x_null_null_flags",
    "body_length_match", "headers_match", "status_code_match", "title_match", "body_proportion",
    "dns_experiment_failure", "http_experiment_failure",
)  # fmt: skip


def verdict(record):
    found = read(record)
    return judge(found.probe, found.control)


def row(address="93.184.216.34", port=443, failed=None, depth=0):
    status = {"failure": failed, "success": failed is None}
    return {"ip": address, "port": port, "status": status, "tags": [f"depth={depth}"], "transaction_id": 1}


def measurement(**keys):
    """A clean page over HTTPS, as a probe of version 0.5 writes it."""
    address = "93.184.216.34"
    answer = {"answer_type": "A", "ipv4": address, "asn": 15133}
    head = {"Content-Type": "text/html", "X-Page": "1"}
    return {
        "input": "https://www.example.com/",
        "probe_asn": "AS137",
        "test_name": "web_connectivity",
        "test_keys": {
            "queries": [
                {"engine": "getaddrinfo", "hostname": "www.example.com", "query_type": "ANY",
                 "failure": None, "answers": [answer], "tags": ["depth=0"]},
            ],
            "tcp_connect": [row()],
            "tls_handshakes": [
                {"address": f"{address}:443", "server_name": "www.example.com", "failure": None,
                 "no_tls_verify": False, "tags": ["depth=0"], "transaction_id": 1},
            ],
            "requests": [
                {"address": f"{address}:443", "failure": None, "request": {"url": "https://www.example.com/"},
                 "response": {"body": "<title>Default Web Page</title>" + "x" * 1500, "code": 200,
                              "body_is_truncated": False, "headers": head},
                 "tags": ["depth=0"], "t0": 0, "t": 10.0, "transaction_id": 1},
            ],
            "control": {
                "dns": {"failure": None, "addrs": [address]},
                "tcp_connect": {f"{address}:443": {"status": True, "failure": None}},
                "tls_handshake": {f"{address}:443": {"status": True, "failure": None}},
                "http_request": {"failure": None, "status_code": 200, "body_length": 1533,
                                 "title": "Default Web Page", "headers": head},
                "ip_info": {address: {"asn": 15133, "flags": 11}},
            },
            "control_failure": None,
            **keys,
        },
    }  # fmt: skip


def cases():
    path = SHARED / "dev_expected.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines())) if path.exists() else []


@pytest.mark.parametrize("conclusions", [True, False], ids=["whole", "stripped"])
@pytest.mark.parametrize("case", cases(), ids=lambda case: Path(case["file"]).stem)
def test_the_development_cases(case, conclusions):
    """Not in the repository (their licence forbids it): run where they lie beside it."""
    record = json.loads((SHARED / case["file"]).read_bytes())
    if not conclusions:
        for name in CONCLUSIONS:
            record["test_keys"].pop(name, None)
    found = verdict(record)
    assert found.verdict in case["verdict"].split("|")
    assert not case["stage"] or found.stage in case["stage"].split("|")
    assert found.outcome.startswith(case["outcome_prefix"])


def test_a_clean_page_is_accessible():
    found = verdict(measurement())
    assert (found.verdict, found.stage, found.outcome) == ("accessible", None, "ok")


def test_the_probes_own_conclusions_are_not_read():
    told = measurement(blocking="dns", accessible=False, dns_consistency="inconsistent")
    assert verdict(told) == verdict(measurement())


def slow(events):
    record = measurement(network_events=events)
    request = record["test_keys"]["requests"][0]
    request["failure"], request["response"]["body"] = "generic_timeout_error", ""
    return verdict(record)


def test_throttling_is_named_and_surer_where_the_bytes_were_counted():
    bare = slow(None)
    assert (bare.verdict, bare.stage, bare.outcome) == ("blocked", "http", "http.throttled")
    assert bare.rules == ("http.throttled@1",)
    trickle = [{"operation": "read", "num_bytes": 512, "t": float(t), "transaction_id": 1} for t in range(10)]
    assert slow(trickle).rules == ("http.throttled@1", "http.throttled_rate@1")
    assert slow(trickle).confidence > bare.confidence
    flood = [{**event, "num_bytes": 500_000} for event in trickle]
    assert slow(flood).rules == bare.rules
    of_another = [{**event, "transaction_id": 2} for event in trickle]
    assert slow(of_another).rules == bare.rules


def test_a_response_from_an_address_that_the_visitors_resolver_did_not_give_is_not_the_visitors():
    record = measurement()
    record["test_keys"]["queries"][0] |= {"failure": "dns_nxdomain_error", "answers": None}
    assert verdict(record).outcome == "dns.nxdomain"


def test_old_files_without_tags_and_handshakes_are_read():
    record = measurement(tls_handshakes=None)
    for name in ("queries", "tcp_connect", "requests"):
        for one in record["test_keys"][name]:
            one.pop("tags")
    assert verdict(record).rules == ("tls.genuine@1",)
    record["test_keys"]["requests"][0] |= {"failure": "ssl_unknown_authority", "response": {"code": 0}}
    assert verdict(record).outcome == "tls.cert"


def test_a_body_in_base64_is_read():
    record = measurement()
    record["input"] = record["test_keys"]["requests"][0]["request"]["url"] = "http://www.example.com/"
    record["test_keys"]["tcp_connect"][0]["port"] = 80
    record["test_keys"]["requests"][0]["address"] = "93.184.216.34:80"
    record["test_keys"]["requests"][0]["response"] |= {
        "body": {"format": "base64", "data": "PGgxPkZvcnRpR3VhcmQgV2ViIEZpbHRlcmluZzwvaDE+"}, "headers": {}
    }  # fmt: skip
    record["test_keys"]["control"]["http_request"] |= {"headers": {}}
    found = verdict(record)
    assert (found.outcome, found.fingerprint) == ("http.blockpage", "a_prod_fortinet_1")


def test_both_spellings_of_failures():
    assert outcome("dns_name_error", "dns") == outcome("dns_nxdomain_error", "dns") == "dns.nxdomain"
    assert outcome("connection_refused_error", "tcp") == outcome("connection_refused", "tcp") == "tcp.refused"
    assert outcome("unknown_failure: stopped after too many redirects", "http") == "http.redirect"
    for word in OUTCOMES - {"ok"}:
        stage = word.partition(".")[0]
        if stage in ("dns", "tcp", "tls", "http"):
            assert outcome(failure(word), stage) in OUTCOMES


# --- files -------------------------------------------------------------------------------------


def test_one_object_lines_gzip_and_what_stands_between(tmp_path):
    one = json.dumps(measurement())
    places = {
        "one.json": json.dumps(measurement(), indent=2).encode(),
        "lines.jsonl": f"{one}\n\n{{bad\n[1]\n{one}\n".encode(),
        "lines.jsonl.gz": gzip.compress(f"{one}\n{one}\n".encode()),
    }
    kinds = {}
    for name, data in places.items():
        (tmp_path / name).write_bytes(data)
        kinds[name] = ["bad" if isinstance(m, InputError) else "good" for m in measurements(tmp_path / name)]
    assert kinds == {
        "one.json": ["good"],
        "lines.jsonl": ["good", "bad", "bad", "good"],
        "lines.jsonl.gz": ["good", "good"],
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe{}",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        json.dumps(measurement()).encode()[:700],
        b'{"input": "https://x.example/", "test_keys": NaN}',
        b'{"input": 7, "test_keys": {}}',
        b'{"input": "", "test_keys": {}}',
        b'{"input": "https://[::1", "test_keys": {}}',
        b'{"input": "https://x.example/", "test_keys": [], "test_name": "web_connectivity"}',
        b'{"input": "https://x.example/", "test_keys": {}, "test_name": "telegram"}',
    ],
    ids=range(11),
)
def test_what_is_no_measurement_is_an_error_in_its_place(tmp_path, data):
    (tmp_path / "bad.json").write_bytes(data)
    (found,) = measurements(tmp_path / "bad.json")
    assert isinstance(found, InputError) and found.message


def test_a_file_that_unpacks_without_end_takes_no_more_than_its_limit(tmp_path):
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b'{"input": "' + b"x" * (2 * MAX_LINE)))
    found = list(measurements(tmp_path / "bomb.gz"))
    assert len(found) == 1 and "MiB" in found[0].message


def test_a_cut_gzip_file_gives_what_it_held_and_then_an_error(tmp_path):
    whole = gzip.compress(b"".join(json.dumps(measurement()).encode() + b"\n" for _ in range(50)))
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot read"):
        list(measurements(tmp_path / "cut.gz"))


def paths(value, at=()):
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from paths(value[key], (*at, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from paths(value[index], (*at, index))


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.none() | st.integers() | st.text(max_size=3), max_size=3),
    st.sampled_from(["::1", "1.2.3.4:99999", "[::1]:443", "depth=999", "http://[", "x" * 3000, "\ud800"]),
)  # fmt: skip
PATHS = [path for path in paths(measurement()) if path]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=4))
def test_anything_in_any_place_gives_a_verdict_or_an_error(changes):
    record = measurement()
    for path, junk in changes:
        place = record
        try:
            for part in path[:-1]:
                place = place[part]
            place[path[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue
    try:
        found = verdict(record)
    except InputError:
        return
    assert found.outcome in OUTCOMES
    assert {name.partition("@")[0] for name in found.rules} <= set(RULES)
    assert 0 <= found.confidence <= 1000
    msgspec.json.encode(found)
