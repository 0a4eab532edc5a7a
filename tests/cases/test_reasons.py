"""Statements of reasons: complete, in both forms, from what was found and nothing else."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from cases.examples import HOST, Desk, assessment
from ringfence.cases.ladder import BESIDE, LADDER
from ringfence.cases.reasons.authority import authority_statement
from ringfence.cases.reasons.facts import Facts, facts
from ringfence.cases.reasons.plain import LANGUAGES, notice_text, own, words
from ringfence.cases.reasons.platform import EEA, platform_statement
from ringfence.cases.reasons.routes import chinese_route
from ringfence.core.errors import InputError
from ringfence.rulebook.finding import Feature, Finding
from ringfence.rulebook.measures import routes as in_words
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.records import keep_findings

DIGEST = "sha256:" + "a" * 64

# The Transparency Database's rules for one statement (digital-services-act/transparency-database@69e80a0,
# StatementStoreRequest): an enumeration, a list of one, a limit of characters, or a pattern.
VISIBILITY = {
    f"DECISION_VISIBILITY_{word}"
    for word in (
        "CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED",
        "CONTENT_INTERACTION_RESTRICTED", "CONTENT_LABELLED", "OTHER",
    )
}  # fmt: skip
MONETARY = {f"DECISION_MONETARY_{word}" for word in ("SUSPENSION", "TERMINATION", "OTHER")}
PROVISION = {
    f"DECISION_PROVISION_{much}_{word}"
    for much in ("PARTIAL", "TOTAL")
    for word in ("SUSPENSION", "TERMINATION")
}
ACCOUNT = {"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"}
CONTENT = {
    f"CONTENT_TYPE_{word}"
    for word in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
}
SOURCES = {
    "SOURCE_ARTICLE_16",
    "SOURCE_TRUSTED_FLAGGER",
    "SOURCE_TYPE_OTHER_NOTIFICATION",
    "SOURCE_VOLUNTARY",
}
AUTOMATED = {f"AUTOMATED_DECISION_{word}" for word in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")}
CATEGORIES = {"STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "STATEMENT_CATEGORY_CONSUMER_INFORMATION"}  # those we use
ONE_OF: dict[str, set[str]] = {
    "decision_monetary": MONETARY, "decision_provision": PROVISION, "decision_account": ACCOUNT,
    "decision_ground": {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "category": CATEGORIES, "source_type": SOURCES, "automated_detection": {"Yes", "No"},
    "automated_decision": AUTOMATED, "incompatible_content_illegal": {"Yes", "No"},
    "account_type": {"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"},
}  # fmt: skip
LISTS: dict[str, set[str]] = {
    "decision_visibility": VISIBILITY, "content_type": CONTENT, "territorial_scope": set(EEA),
    "category_addition": CATEGORIES, "category_specification": set(),
}  # fmt: skip
LIMITS = {
    "decision_visibility_other": 500, "decision_monetary_other": 500, "content_type_other": 500,
    "illegal_content_legal_ground": 500, "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500, "incompatible_content_explanation": 2000, "decision_facts": 5000,
    "puid": 500, "source_identity": 500, "content_id": 500, "decision_ground_reference_url": 500,
}  # fmt: skip
DATES = {"content_date", "application_date"} | {
    f"end_date_{kind}_restriction" for kind in ("visibility", "monetary", "service", "account")
}
REQUIRED = {
    "decision_ground", "content_type", "category", "content_date", "application_date", "decision_facts",
    "source_type", "automated_detection", "automated_decision", "puid",
}  # fmt: skip


def faults(statement: dict[str, object]) -> list[str]:
    """What the database would refuse."""
    found = [f"{name} is required" for name in REQUIRED if not statement.get(name)]
    decisions = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
    if not any(statement.get(name) for name in decisions):
        found.append("no decision")
    for name, value in statement.items():
        listed = isinstance(value, list) and value and set(value) <= LISTS.get(name, set())
        pattern = (
            r"20\d\d-\d\d-\d\d" if name in DATES else r"[A-Z]{2}" if name == "content_language" else None
        )
        wrong = pattern is not None and not re.fullmatch(pattern, str(value))
        if wrong or (name in ONE_OF and value not in ONE_OF[name]) or (name in LISTS and not listed):
            found.append(f"{name}: {value}")
        elif name in LIMITS and not (isinstance(value, str) and 0 < len(value) <= LIMITS[name]):
            found.append(f"{name}: {len(str(value))} characters")
        elif name not in {*ONE_OF, *LISTS, *LIMITS, *DATES, "content_language"}:
            found.append(f"{name} is no field")
    ground = statement.get("decision_ground")
    for kind, word in (("illegal", "ILLEGAL"), ("incompatible", "INCOMPATIBLE")):
        for part in ("legal_ground" if kind == "illegal" else "ground", "explanation"):
            needed = ground == f"DECISION_GROUND_{word}_CONTENT"
            if needed != bool(statement.get(f"{kind}_content_{part}")):
                found.append(f"{kind}_content_{part}")
    for name, other in (("decision_visibility", "OTHER"), ("content_type", "OTHER")):
        values = statement.get(name) or []
        wanted = any(str(value).endswith(f"_{other}") for value in values)  # type: ignore[attr-defined]
        if wanted != bool(statement.get(f"{name}_other")):
            found.append(f"{name}_other")
    if (statement.get("source_type") == "SOURCE_VOLUNTARY") and statement.get("source_identity"):
        found.append("source_identity")
    if not re.fullmatch(r"[a-zA-Z0-9-_]+", str(statement.get("puid"))):
        found.append("puid")
    return found


def gathered(desk: Desk, **changes: object) -> Facts:
    """The facts of an active order whose finding is kept."""
    made = Finding(
        f"site:{HOST}", "exchange", "met", "an order book", (Feature("order_book", 700, "BTC/CNY", DIGEST),),
        "instrument:platforms", "exchange", "4", (), {},
    )  # fmt: skip
    with desk.database.begin() as connection:
        keep_findings(connection, [made])
    tree = msgspec.structs.replace(assessment().tree, findings=(made.id,), evidence=(DIGEST,))
    found = assessment(tree=tree, citation="Announcement of 4 September 2017, ¶3", **changes)
    case = desk.cases.open(found)
    from cases.examples import SMALLER
    from ringfence.cases.order import Scope

    order = desk.cases.propose(
        case.id, found, "block_access", "li", Scope(HOST, True), "an order book in yuan for residents",
        desk.clock.at.replace(year=2019), why_not_smaller=SMALLER,
    )  # fmt: skip
    for person in ("wang", "chen"):
        order = desk.cases.approve(order.id, person)
    return facts(desk.cases, order)


def test_a_platforms_statement_is_one_that_the_database_takes(desk: Desk) -> None:
    made = platform_statement(gathered(desk), "zh")
    assert faults(made["statement"]) == []
    assert made["statement"]["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert made["statement"]["category"] == "STATEMENT_CATEGORY_CONSUMER_INFORMATION"


@pytest.mark.parametrize("measure", [*LADDER, *BESIDE, "something_new"])
@pytest.mark.parametrize("subject", ["site:huobi.pro", "channel:42", "account:x"])
def test_every_measure_has_a_valid_statement(desk: Desk, measure: str, subject: str) -> None:
    found = gathered(desk)
    order = msgspec.structs.replace(found.order, measure=measure, subject=subject, reasons="x" * 9000)
    long = msgspec.structs.replace(found.assessment, citation="§" * 900, jurisdiction="it")
    changed = msgspec.structs.replace(found, order=order, assessment=long)
    statement = platform_statement(changed, "en")["statement"]
    assert faults(statement) == [] and statement["territorial_scope"] == ["IT"]


@pytest.mark.parametrize("field", sorted(REQUIRED))
def test_the_check_itself_sees_what_is_missing(desk: Desk, field: str) -> None:
    statement = platform_statement(gathered(desk), "en")["statement"]
    assert faults({key: value for key, value in statement.items() if key != field})
    assert faults(statement | {field: "NONSENSE\n" * 900})


def test_the_extension_says_what_the_database_has_no_field_for(desk: Desk) -> None:
    found = gathered(desk)
    appeal = desk.cases.appeal(found.order.id, "Huobi", "wrong", "li")
    extension = facts(desk.cases, found.order).extension()
    assert extension["approvers"] == ["wang", "chen"] and extension["proposer"] == "li"
    assert extension["evidence"] == [DIGEST]
    assert extension["rules"] == [{"rule": "exchange", "version": "4", "author": "instrument:platforms"}]
    assert [item["outcome"] for item in extension["appeals"]] == ["pending"]  # type: ignore[attr-defined]
    desk.cases.rule(appeal.id, "sun", "upheld", "it left")
    ended = facts(desk.cases, desk.cases.order(found.order.id), undone=True).extension()["appeals"]
    assert ended == [
        {"appeal": appeal.id, "filed": appeal.filed_at, "outcome": "upheld", "reasons": "it left",
         "reversal_verified": True}
    ]  # fmt: skip


def test_an_authoritys_order_has_what_article_9_asks_for(desk: Desk) -> None:
    found = gathered(desk)
    made = authority_statement(found, "en")
    assert made["legal_basis"]["citation"] == found.order.legal_basis
    assert made["reasons"]["citation"] and made["reasons"]["elements"][0]["evidence"] == [DIGEST]
    assert made["issuing_authority"] == "financial authority" and made["territory"] == "CN"
    assert made["location"]["names"] == [HOST, f"*.{HOST}"] and made["location"]["urls"] == [
        f"https://{HOST}/"
    ]
    assert made["redress"] == list(found.order.appeal) and found.order.id in made["text"]
    assert msgspec.json.decode(msgspec.json.encode(made)) == made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plain_notice_says_what_a_person_needs(desk: Desk, language: str) -> None:
    found = gathered(desk)
    text = notice_text(found.order, found.assessment, language, None)
    for said in (
        found.order.id, HOST, found.order.legal_basis, "an order book", found.order.reasons,
        *found.order.appeal, *found.order.why_not_smaller.values(), found.assessment.citation,
    ):  # fmt: skip
        assert said in text
    assert "2019" in text and "{" not in text and len(text) < 3000
    intended = notice_text(found.order, found.assessment, language, "2018-09-01T09:00:00.000000Z")
    assert words(language)["intended"] in intended and "09:00" in intended
    invented = msgspec.structs.replace(found.order, laboratory=True)
    assert words(language)["laboratory"] in notice_text(invented, found.assessment, language, None)


def test_both_languages_say_the_same_things() -> None:
    assert words("en").keys() == words("zh").keys()
    for key, text in words("en").items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", words("zh")[key])), key


def test_a_language_that_nobody_wrote_is_refused(desk: Desk) -> None:
    order = desk.active()
    with pytest.raises(InputError, match="no notice is written in 'fr'"):
        desk.cases.notify(order.id, "li", language="fr")
    assert desk.cases.notify(order.id, "li", language="fr", text="Avis").text == "Avis"


def test_a_packs_text_is_given_in_the_readers_language() -> None:
    both = "exchanges tokens for other tokens (代币之间的兑换)"
    assert own(both, "zh") == "代币之间的兑换" and own(both, "en") == "exchanges tokens for other tokens"
    assert own("serves residents", "zh") == "serves residents"


def test_every_route_of_the_bundled_pack_is_told_in_chinese() -> None:
    pack = load_pack("cn")
    grants = [grant for power in pack.powers for grant in power.grants]
    days = [date(2015, 6, 1), date(2018, 8, 24), date(2026, 3, 1)]
    routes = {route for grant in grants for day in days for route in in_words(pack, grant.appeal, day)}
    assert len(routes) >= 5
    for route in routes:
        said = chinese_route(route)
        assert not re.search("[A-Za-z]", said), said
        assert said.endswith("）") and "；" in said
    assert chinese_route("a court elsewhere; 3 days (Act Z, S)") == "a court elsewhere；3 days（Act Z）"
    assert chinese_route("whatever") == "whatever"


def test_offices_and_exclusions_of_the_bundled_pack_are_told_in_chinese() -> None:
    pack = load_pack("cn")
    grants = [grant for power in pack.powers for grant in power.grants]
    offices = {text for grant in grants for text in (grant.authority, grant.addressee) if text}
    exclusions = {item.text for breach in pack.breaches for item in breach.exclusions}
    assert [text for text in offices | exclusions if not re.search("[一-鿿]", own(text, "zh"))] == []
