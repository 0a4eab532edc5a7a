"""The report: whole, escaped, linked, readable by machines that read aloud; and written all or nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cases.examples import HOST, SMALLER, Clock, assessment
from ringfence.cases.docket import Cases
from ringfence.cases.order import Scope
from ringfence.cases.people import People
from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError, StoreError
from ringfence.core.work import Run
from ringfence.enforce.guard import Context
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import rpz
from ringfence.evidence import log, store
from ringfence.evidence.observation import (
    OUTCOMES,
    DNSStep,
    Exchange,
    Hop,
    HTTPStep,
    Observation,
    TCPStep,
    TLSStep,
)
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.interfaces.report import Figure, Scores, write_report
from ringfence.interfaces.report import folder as folder_module
from ringfence.interfaces.report import write as write_module
from ringfence.interfaces.report.curve import curve, quantile
from ringfence.interfaces.report.folder import MARKER
from ringfence.interfaces.report.stages import stages
from ringfence.interfaces.report.words import OUTCOMES as WORDS
from ringfence.interfaces.report.words import visible
from ringfence.pipeline import Screened
from ringfence.rulebook.assessment import Assessment, Exclusion, Node
from ringfence.rulebook.finding import Feature, Finding
from ringfence.rulebook.records import keep_assessments, keep_findings
from ringfence.verify.check import check
from ringfence.verify.collateral import collateral_expectations
from ringfence.verify.expectation import expectations
from ringfence.verify.seen import Seen
from ringfence.verify.verification import Verification

ATTACK = "\"><script>alert('1')</script><img src=x onerror=alert(2)>\u202e"
EVIL = 'evil"><script>.example'
GONE = "okex.com"
VANTAGES = (Vantage("home", "inside"), Vantage("abroad", "outside"))
SCORES = Scores(
    "Against the truth",
    (
        Figure("recall", 0.991, 0.981, 0.997, "126 sites", share=True),
        Figure(ATTACK, 3),
        Figure("seed", "1 to 5"),
    ),
    "Pooled over five seeds.",
)


@dataclass
class Written:
    """A store of three cases, and the report on it."""

    house: Store
    folder: Path
    cases: dict[str, str]

    @property
    def pages(self) -> dict[str, str]:
        files = [self.folder / "index.html", *sorted((self.folder / "cases").iterdir())]
        return {str(file.relative_to(self.folder)): file.read_text("utf-8") for file in files}

    def page(self, host: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.pages[f"cases/{self.cases[host]}.html"])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("report")
    house = Store(folder / "store")
    cases = {
        host: _case(house, host, text) for host, text in ((HOST, "买入 BTC"), (EVIL, ATTACK), (GONE, "-"))
    }
    _order(house, cases[HOST])
    write_report(house, folder / "out", truth=SCORES)
    yield Written(house, folder / "out", cases)
    house.close()


def _case(house: Store, host: str, text: str) -> str:
    """A screened subject with evidence, findings, a made-out assessment and a case."""
    subject = f"site:{host}"
    body = digest(f"{host} body".encode())
    seen = [_look(subject, host, role, body, text, blocked=host == GONE) for role in ("outside", "inside")]
    with house.database.begin() as connection:
        names = tuple(store.keep(connection, item) for item in seen)
    features = (
        Feature("venue.order_panel", 320, text, body, f"https://{host}/{text}"),
        Feature("residents.language", -20, text, body),
    )
    findings = tuple(
        Finding(subject, element, state, f"because {text}", features, "instrument:test", f"rule.{element}",
                "1", names, {}, score=640, laboratory=True)
        for element, state in (("exchange", "met"), ("serves", "unclear"), ("journalism", "not_met"))
    )  # fmt: skip
    made = _assessment(host, text, findings)
    run = Run.begin(house.database, "screen", {"host": host})
    screened = Screened(
        subject, host, "exchange", "blocked" if host == GONE else "accessible", "accessible",
        "dns" if host == GONE else None, "dns.nxdomain" if host == GONE else "ok", (), host == GONE, findings,
        "made_out", made.id, made.provision, made.reason, True, names,
    )  # fmt: skip
    other = msgspec.structs.replace(screened, subject=f"site:news.{host}", host=f"news.{host}",
                                    assessment="unclear", reason=f"unclear: {text}",
                                    assessment_id=None)  # fmt: skip
    with house.database.begin() as connection:
        keep_findings(connection, findings)
        keep_assessments(connection, [made])
        for position, item in enumerate((screened, other)):
            run.done(connection, item.subject, position, canonical(item))
    run.end()
    return Cases(house.database, log.seal).open(made).id


def _look(subject: str, host: str, role: str, body: str, text: str, *, blocked: bool) -> Observation:
    failed = blocked and role == "inside"
    word = "dns.nxdomain" if failed else "ok"
    dns = DNSStep(word, "127.0.0.1:53", (), () if failed else ("203.0.113.7",), 0, 1200)
    hop = Hop(f"https://{host}/?{text}", host, 443, dns, (), None, None)
    if not failed:
        tls = TLSStep("ok", host, "TLSv1.3", True, "", (digest(b"leaf"),), 0, 900)
        http = HTTPStep("ok", 200, f"OK {text}", (), body, 10, 10, "", 0, 800, 700)
        hop = msgspec.structs.replace(
            hop, tcp=(TCPStep("ok", "203.0.113.7", 443, 0, 300),), tls=tls, http=http
        )
    exchange = Exchange(hop.url, "landing", (hop,), word, "dns" if failed else None)
    return Observation(
        subject, "access", "1", "home" if role == "inside" else "abroad", role, "CN",
        "2018-08-24T00:00:00.000000Z", 5000, (exchange,), digest(f"{host} {role}".encode()), True,
    )  # fmt: skip


def _assessment(host: str, text: str, findings: tuple[Finding, ...]) -> Assessment:
    exchange, serves, journalism = (finding.id for finding in findings)
    tree = Node(
        "any", "met", "does one of the acts", "met: exchange",
        children=(
            Node("element", "met", f"runs an exchange (兑换) {text}", "seen", "exchange", (exchange,)),
            Node("element", "unclear", "serves residents", f"not shown {text}", "serves", (serves,)),
        ),
    )  # fmt: skip
    house = Exclusion("journalism", "house", "not_met", "reporting", "a trading page", (journalism,))
    return assessment(host, laboratory=True, tree=tree, exclusions=(house,), title=f"A provision {text}")


def _order(house: Store, case: str) -> None:
    """An active order, published, verified, with one neighbour seen blocked; and one waiting."""
    people, cases = People(house.database, log.seal), Cases(house.database, log.seal)
    people.add("li", "Li <b>Analyst</b>", "analyst")
    for person in ("wang", "chen"):
        people.add(person, person.title(), "approver")
    made = cases.assessment(cases.case(case).assessment)
    expires = Clock(cases.clock()).at + timedelta(days=90)
    order = cases.propose(case, made, "block_access", "li", Scope(HOST, True), f"reasons {ATTACK}", expires,
                          why_not_smaller=SMALLER)  # fmt: skip
    cases.propose(case, made, "warn_public", "li", Scope(HOST, True), "to warn", expires)
    for person in ("wang", "chen"):
        order = cases.approve(order.id, person, f"note {ATTACK}")
    (notice,) = cases.notices(order.id)
    cases.deliver(notice.id, "li", "failed", channel=f"letter {ATTACK}", why="came back")
    reply = cases.reply(order.id, "li", f"Huobi {ATTACK}", "we left in May")
    cases.consider(order.id, "wang", reply.id, "it did not")
    cases.reply(order.id, "li", "Huobi again", "we did")
    for number, grounds in enumerate(("the forum is news", f"grounds {ATTACK}")):
        appeal = cases.appeal(order.id, "Huobi Ltd", grounds, "li")
        if not number:
            people.add("sun", "Sun", "appeals_officer")
            cases.rule(appeal.id, "sun", "dismissed", "the forum is not blocked")
    context = Context(registered=frozenset({HOST}), known_hosts={HOST: f"site:{HOST}"})
    Publisher(house.database, log.seal).publish(rpz.target(), context, laboratory=True)
    at = cases.clock()
    planned = [
        *expectations(order, VANTAGES, at=at),
        *collateral_expectations(order, [("next.example", "shared_address")], VANTAGES),
    ]
    when = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    looks = [
        Seen("home", HOST, "blocked", when, "observation:1"),
        Seen("abroad", HOST, "accessible", when, "observation:2"),
        Seen("home", "next.example", "blocked", when, "observation:3", outcome="dns.nodata"),
    ]
    verification = Verification(house.database, log.seal)
    verification.plan(planned)
    verification.record(check(expectation, looks) for expectation in planned)


def _all(page: str, selector: str) -> list[LexborNode]:
    return LexborHTMLParser(page).css(selector)


# --- what the pages say ----------------------------------------------------------------------------


def test_every_case_has_a_dossier_and_every_link_resolves(written: Written) -> None:
    pages = written.pages
    assert set(pages) == {"index.html", *(f"cases/{case}.html" for case in written.cases.values())}
    linked = set()
    for name, page in pages.items():
        ids = {node.attributes["id"] for node in _all(page, "[id]")}
        assert len(ids) == len(_all(page, "[id]")), "an id stands twice"
        for link in _all(page, "a[href]"):
            target, _, fragment = (link.attributes["href"] or "").partition("#")
            if target:
                path = (written.folder / name).parent / target
                assert path.is_file(), f"{name} links to {target}"
                linked.add(path.resolve())
            else:
                assert fragment in ids, f"{name} links to #{fragment}"
    assert {(written.folder / name).resolve() for name in pages} <= linked


def test_a_dossier_tells_what_was_seen_decided_and_verified(written: Written) -> None:
    text = " ".join(written.page(HOST).body.text(separator=" ").split())
    for said in (
        "From outside: abroad (CN)", "✓ ok, 1.2 ms", "200 OK", "The assessment rests on this look",
        "Runs an exchange", "venue.order_panel", "+320", "−20", "score +640", "rule of the house",
        "reading : adopted reading of 2018".capitalize(), "The result depends on it", "not shown",
        "Block access", "telecom authority", "administrative reconsideration", "notice after",
        "Li <b>Analyst</b>", "✓ approved by Wang", "✓ approved by Chen", SMALLER["contact"], "rpz, serial 1",
        "neighbour on the same address", "seen blocked (dns.nodata)", "nothing was seen yet",
        "Activated by Chen", "none given yet", "In no artefact", "with the measure to",
        "came back", "What was said, in en", "Considered by Wang", "it did not", "Not considered yet",
        "the forum is news", "Dismissed by Sun", "the forum is not blocked", "Not ruled on yet",
        "Nobody yet: no notice is due",
    ):  # fmt: skip
        assert said.lower() in text.lower(), said


def test_a_case_without_an_order_says_why(written: Written) -> None:
    text = written.page(GONE).css_first("#orders").text()
    assert "already unreachable from inside before any order of ours (name said not to exist)" in text
    assert "Nobody has proposed one yet" in written.page(EVIL).css_first("#orders").text()


def test_the_summary_counts(written: Written) -> None:
    page = LexborHTMLParser(written.pages["index.html"])
    rows = {row.css_first("th").text(): row.css_first("td").text() for row in page.css("#way tbody tr")}
    assert rows == {
        "Registered or asked for": "6", "Looked at": "6", "Readable": "6", "Exchange service met": "0",
        "Made out": "3", "Case": "3", "Order active": "1", "Verified": "0",
    }  # fmt: skip
    assert "Lab designs are not the web" in page.css_first("#scores").text()
    scores = page.css_first("#scores").text()
    assert "0.981 to 0.997" in scores and "From 0.9 to 1" in scores
    assert "next.example" in page.css_first("#collateral").text()
    with written.house.database.begin() as connection:
        size, root = log.head(connection)
    proof = page.css_first("#proof").text()
    assert root in proof and f"{size:,} entries" in proof and "ringfence replay" in proof
    assert "sha256:" + "0" * 64 in proof
    # The watched case comes last.
    assert page.css("#cases tbody tr")[-1].css_first("a").text() == GONE


def test_the_laboratory_is_named_on_every_page(written: Written) -> None:
    for page in written.pages.values():
        assert "Laboratory." in LexborHTMLParser(page).css_first("p.lab").text()


def test_a_real_case_carries_no_banner(tmp_path: Path) -> None:
    house = Store(tmp_path / "store")
    Cases(house.database, log.seal).open(assessment())
    write_report(house, tmp_path / "out")
    assert all("Laboratory." not in file.read_text() for file in (tmp_path / "out").rglob("*.html"))
    house.close()


def test_an_empty_store_makes_a_page(tmp_path: Path) -> None:
    house = Store(tmp_path / "store")
    done = write_report(house, tmp_path / "out")
    assert (done.pages, done.cases) == (1, 0)
    assert "nothing was made out" in (tmp_path / "out" / "index.html").read_text()
    house.close()


# --- hostile text ----------------------------------------------------------------------------------


def test_captured_text_stays_text(written: Written) -> None:
    for name, page in written.pages.items():
        parsed = LexborHTMLParser(page)
        assert not parsed.css("script, img, iframe, object, embed, form, link, base"), name
        for node in parsed.css("*"):
            assert not [key for key in node.attributes if key.startswith("on") or key == "style"], node.html
        assert "\u202e" not in page
    evil = written.page(EVIL)
    assert evil.css_first("h1").text() == EVIL
    assert evil.css_first("title").text().startswith(EVIL)
    assert "<script>alert('1')</script>" in evil.body.text() and "⟨U+202E⟩" in evil.body.text()


def test_nothing_is_loaded_from_anywhere(written: Written) -> None:
    for page in written.pages.values():
        parsed = LexborHTMLParser(page)
        for node in parsed.css("[src], [href], [action], [data], [srcset], [poster]"):
            assert node.tag == "a" and not re.match(r"[a-z]+:|//", node.attributes["href"] or ""), node.html
        policy = parsed.css_first("meta[http-equiv]").attributes["content"] or ""
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
        assert "url(" not in parsed.css_first("style").text() and "@import" not in page


def test_the_policy_names_the_style_that_is_there(written: Written) -> None:
    import base64
    import hashlib

    page = written.pages["index.html"]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    named = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"&#39;sha256-{named}&#39;" in page or f"'sha256-{named}'" in page


def test_unseen_characters_are_named() -> None:
    assert "⟨U+202E⟩" in visible("a\u202eb") and "⟨U+0000⟩" in visible("\x00")
    assert str(visible("火币 <b>")) == '<bdi lang="">火币 &lt;b&gt;</bdi>'


# --- for every reader ------------------------------------------------------------------------------


def test_the_markup_is_whole(written: Written) -> None:
    void = {"meta", "br", "input", "hr"}
    for name, page in written.pages.items():
        stack: list[str] = []
        body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
        for closing, tag, empty in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^>]*?(/?)>", body):
            if tag in void or empty:
                continue
            if closing:
                assert stack and stack.pop() == tag, f"{name}: </{tag}> after {stack[-3:]}"
            else:
                stack.append(tag)
        assert not stack, f"{name}: {stack} left open"


def test_headings_do_not_skip_and_landmarks_are_there(written: Written) -> None:
    for name, page in written.pages.items():
        levels = [int((node.tag or "h0")[1]) for node in _all(page, "h1, h2, h3, h4, h5, h6")]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        parsed = LexborHTMLParser(page)
        assert parsed.css_first("html").attributes["lang"] == "en"
        for landmark in ("main", "nav[aria-label]", "header", "footer", 'a.skip[href="#main"]'):
            assert len(parsed.css(landmark)) == 1, f"{name}: {landmark}"
        assert parsed.css_first("body").css("a")[0].attributes["class"] == "skip"


def test_pictures_and_tables_say_what_they_show(written: Written) -> None:
    pictures = 0
    for page in written.pages.values():
        ids = {node.attributes["id"]: node.text() for node in _all(page, "[id]")}
        for svg in _all(page, 'svg:not([aria-hidden="true"])'):
            pictures += 1
            assert svg.attributes["role"] == "img"
            named = (svg.attributes["aria-labelledby"] or "").split()
            assert len(named) == 2 and all(ids[name].strip() for name in named)
            assert [node.tag for node in svg.css("title, desc")] == ["title", "desc"]
        for table in _all(page, "table"):
            assert table.css_first("caption").text().strip()
            assert all(cell.attributes.get("scope") in ("col", "row") for cell in table.css("th"))
            columns = len(table.css("thead th"))
            assert all(len(row.css("th, td")) == columns for row in table.css("tbody > tr"))
        for region in _all(page, ".scroll"):
            assert region.attributes["tabindex"] == "0" and region.attributes["aria-label"]
        for state in _all(page, ".state"):
            assert len(state.text().split()) >= 2, "a state needs its sign and its word"
    assert pictures == 4  # the way, the stages, the curve, one interval


def _relative(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_light_and_dark_both_have_contrast(written: Written) -> None:
    style = LexborHTMLParser(written.pages["index.html"]).css_first("style").text()
    light, dark = re.findall(r":root \{(.*?)\}", style.split("@media print")[0], re.DOTALL)
    themes = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in (light, dark)]
    assert set(themes[0]) == set(themes[1]) and len(themes[0]) > 10
    for theme in themes:
        pairs = [(word, ground) for word in ("ink", "soft", "accent", "good", "bad", "doubt")
                 for ground in ("ground", "paper", "faint")]  # fmt: skip
        for word, ground in [*pairs, ("mark-ink", "mark-ground")]:
            one, other = sorted((_relative(theme[word]), _relative(theme[ground])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, f"{word} on {ground}"
    for wanted in ("prefers-reduced-motion", "@media print", ":focus-visible"):
        assert wanted in style


def test_every_outcome_has_words() -> None:
    assert set(WORDS) == OUTCOMES


# --- pictures --------------------------------------------------------------------------------------


def test_the_curve_is_the_distribution() -> None:
    found = curve([0.5, 1.5, 1.0, 1.0])
    assert found is not None
    assert (found.lowest, found.median, found.p95, found.highest) == (0.5, 1.0, 1.5, 1.5)
    assert found.path == "M0 100H33.33V75.0H66.67V50.0H66.67V25.0H100.0V0.0H100"
    assert [tick.label for tick in found.ticks] == ["0", "0.5", "1", "1.5"]
    assert [mark.label for mark in found.marks] == ["median 1.00 s", "95 % by 1.50 s"]
    assert curve([]) is None
    assert curve([0.0]) is not None
    assert quantile([1.0], 0.95) == 1.0


def test_stages_add_up(written: Written) -> None:
    from ringfence.interfaces.report.gather import gather

    found = stages(gather(written.house).looked.values())
    assert found.whole.total == 6
    assert found.whole.count("blocked") == 2 and found.bars[0].count("blocked") == 2
    assert sum(segment.length for segment in found.whole.segments) == pytest.approx(100, abs=0.01)


# --- writing ---------------------------------------------------------------------------------------


def test_a_report_replaces_a_report_and_nothing_else(written: Written, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    write_report(written.house, out)
    (out / "stale.html").write_text("old")
    write_report(written.house, out)
    assert not (out / "stale.html").exists() and (out / MARKER).is_file()
    assert sorted(path.name for path in out.parent.iterdir()) == ["out"]

    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="no report wrote") as refused:
        write_report(written.house, mine)
    assert refused.value.hint
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        write_report(written.house, tmp_path / "file")
    (tmp_path / "link").symlink_to(mine)
    with pytest.raises(InputError, match="is a link"):
        write_report(written.house, tmp_path / "link")
    (tmp_path / "empty").mkdir()
    assert write_report(written.house, tmp_path / "empty").cases == 3
    with pytest.raises(StoreError, match="cannot write"):
        write_report(written.house, tmp_path / "file" / "below")


def test_a_failure_leaves_the_old_report_and_no_rubbish(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_report(written.house, out)
    before = {path: path.read_bytes() for path in out.rglob("*.html")}

    def fail(name: str) -> None:
        raise RuntimeError(name)

    monkeypatch.setattr(write_module, "template", fail)
    with pytest.raises(RuntimeError):
        write_report(written.house, out)
    monkeypatch.undo()
    real = Path.rename

    def full(self: Path, target: Path) -> Path:
        if target == out and not self.name.endswith(".old"):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(folder_module.Path, "rename", full)
    with pytest.raises(StoreError, match="No space left"):
        write_report(written.house, out)
    assert {path: path.read_bytes() for path in out.rglob("*.html")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command(written: Written, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "report", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    out = tmp_path / "out"
    done = run("--out", str(out), "--store", str(written.house.folder), "--json")
    assert done.returncode == 0, done.stderr
    said = msgspec.json.decode(done.stdout)
    assert (said["pages"], said["cases"], said["out"]) == (4, 3, str(out))
    missing = run("--out", str(out), "--store", str(tmp_path / "nowhere"))
    assert missing.returncode == 2 and "no store" in missing.stderr and "hint" in missing.stderr
    assert not (tmp_path / "nowhere").exists()
