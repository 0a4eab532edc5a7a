"""Measuring on the laboratory country: each interference, kept, written for OONI and judged alike again."""

import asyncio
import json

import pytest

from desks.test_access_interference import TABLE
from lab.world import rows
from ringfence.desks.access.judge import judge
from ringfence.desks.access.ooni.read import read
from ringfence.desks.access.ooni.write import write
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import load_vantages
from ringfence.lab.process import running
from ringfence.pipeline.measure import measure

MODES = [mode for mode in TABLE if not mode.endswith("timeout")]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """One measurement for each interference, and one without any, in a single run."""
    folder = tmp_path_factory.mktemp("measured")
    with running(folder / "country", 11, "development", rows()) as country:
        vantages = load_vantages(country.files.vantages)
        hosts = [
            site["host"]
            for site in json.loads(country.files.truth.read_bytes())["sites"]
            if site["positive"] and not site["already_unreachable"] and not site["shared_with"]
            and "upper-venue" not in site["host"]
        ]  # fmt: skip
        modes = dict(zip(hosts, ["", *MODES], strict=False))
        for host, mode in modes.items():
            country.interfere(host, *([mode] if mode else []))

        async def all_of_them():
            house = Store(folder / "store")
            urls = [f"https://{host}/" for host in modes]
            found = measure(urls, vantages["lab-inside"], vantages["lab-outside"], house=house)
            result = [one async for one in found]
            kept = [house.blobs.get(one.inside.observation.capture) for one in result]
            house.close()
            return result, kept

        result, kept = asyncio.run(all_of_them())
    return dict(zip(modes.values(), result, strict=True)), kept


def test_measurements_come_in_the_order_of_the_urls_and_every_byte_is_kept(measured):
    found, kept = measured
    assert [one.url.split("/")[2] for one in found.values()] == [
        one.inside.observation.subject.removeprefix("site:") for one in found.values()
    ]
    assert kept == [one.inside.capture for one in found.values()]


@pytest.mark.parametrize("mode", ["", *MODES])
def test_the_verdict_and_the_same_one_from_the_file_written_for_ooni(measured, mode):
    one = measured[0][mode]
    record = write(
        one.url, one.inside.observation, one.outside.observation, one.bodies, one.verdict
    )  # fmt: skip
    again = read(json.loads(json.dumps(record)))
    found = judge(again.probe, again.control)
    assert (found.verdict, found.stage, found.outcome) == (
        one.verdict.verdict,
        one.verdict.stage,
        one.verdict.outcome,
    )
    expected = ("", None, "accessible", "ok") if not mode else TABLE[mode]
    assert one.verdict.verdict == expected[2]
    assert expected[3] is None or one.verdict.outcome == expected[3]
    assert record["annotations"]["laboratory"] == "true" and again.laboratory


def test_each_side_tries_the_addresses_of_the_other(measured):
    forged = measured[0]["dns.forged"]
    assert forged.outside.observation.cross and forged.inside.observation.cross
    certificates = [
        packed
        for shaken in write(
            forged.url, forged.inside.observation, forged.outside.observation, forged.bodies, forged.verdict
        )["test_keys"]["tls_handshakes"]
        for packed in shaken["peer_certificates"]
    ]
    assert certificates and all(one["format"] == "base64" for one in certificates)
