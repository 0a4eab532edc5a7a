"""Holds, in the database itself: no payment is kept back but by an approved rule, and none for longer.

Like `guards`, these hold against any client of the store and rely on nothing that it may switch off.
"""

from __future__ import annotations

from sqlalchemy import Table

from ringfence.cases.account_guards import pseudonym
from ringfence.cases.guards import holds as role_held
from ringfence.cases.guards import words
from ringfence.cases.hold import LEAST_INDICATORS
from ringfence.cases.hold_tables import hold_acts, holds, rule_acts, rules
from ringfence.cases.proposal import MAX_LIFE
from ringfence.cases.roles import HOUSE
from ringfence.cases.tables import case_events, cases
from ringfence.core.database import Sql, agrees, append_only, refuse
from ringfence.evidence.words import as_ordered

_DESK = words(["analyst", "approver"])
_LIFTS = words(["analyst", "approver", "appeals_officer"])


def _said(table: Table, *columns: str) -> None:
    blank = " or ".join(f"coalesce(trim(new.{column}), '') = ''" for column in columns)
    refuse(table, "said", "before insert", f"{table.name}: something is left blank", blank)


append_only(rules, but=as_ordered(rules, "reasons"))
append_only(rule_acts, but=as_ordered(rule_acts, "note"))
append_only(holds)
append_only(hold_acts, but=as_ordered(hold_acts, "reasons"))

# --- rules -------------------------------------------------------------------------------------
_said(rules, "jurisdiction", "legal_basis", "reasons", "proposer", "proposed_at", "expires_at")
refuse(
    rules, "within_law", "before insert", "a hold ends within the law's time, and needs another approver",
    f"""coalesce(not (new.needed >= 1 and new.hours >= 1 and new.hours <= new.law_hours
      and new.least_indicators >= {LEAST_INDICATORS} and new.expires_at > new.proposed_at), true)""",
)  # fmt: skip
refuse(
    rules, "within_a_year", "before insert", "a rule ends within a year",
    Sql(
        f"""coalesce(julianday(new.expires_at) > julianday(new.proposed_at) + {MAX_LIFE.days}.00000002,
          true)""",
        f"""new.expires_at::timestamptz
          > new.proposed_at::timestamptz + {MAX_LIFE.days} * interval '24 hours'""",
    ),
)  # fmt: skip
refuse(
    rules, "by_an_analyst", "before insert", "the proposer is not an analyst or approver at that time",
    f"not {role_held('new.proposer', _DESK, 'new.proposed_at')}",
    lock="roles where person = new.proposer order by id",
)  # fmt: skip
agrees(
    rules, **{name: name for name in (
        "jurisdiction", "legal_basis", "hours", "law_hours", "least_indicators", "reasons", "proposer",
        "needed", "proposed_at", "expires_at", "laboratory",
    )},
)  # fmt: skip

_said(rule_acts, "rule", "act", "person", "at")
refuse(
    rule_acts, "of_a_rule", "before insert", "only a rule that stands is approved, withdrawn or ended",
    """coalesce(new.act, '') not in ('approve', 'withdraw', 'end')
      or not exists (select 1 from hold_rules r where r.id = new.rule and r.proposed_at <= new.at
        and new.at < r.expires_at)
      or exists (select 1 from hold_rule_acts e where e.rule = new.rule and e.act = 'end')
      or (new.act = 'withdraw' and not exists (select 1 from hold_rule_acts a where a.rule = new.rule
        and a.person = new.person and a.act = 'approve'))""",
    lock="hold_rules where id = new.rule",
)  # fmt: skip
refuse(
    rule_acts, "by_another", "before insert", "no one approves their own proposal",
    """new.act <> 'end' and exists (select 1 from hold_rules r where r.id = new.rule
      and r.proposer = new.person)""",
)  # fmt: skip
refuse(
    rule_acts, "by_their_role", "before insert", "this person holds no role for this act at that time",
    f"""(new.act <> 'end' and not {role_held("new.person", words(["approver"]), "new.at")})
      or (new.act = 'end' and not {role_held("new.person", _LIFTS, "new.at")})""",
    lock="roles where person = new.person order by id",
)  # fmt: skip
agrees(rule_acts, rule="rule", act="act", person="person", at="at", note="note")

# --- holds -------------------------------------------------------------------------------------
_said(holds, "rule", "case_id", "assessment", "began_at", "until_at")
_named = (pseudonym("new.account"), pseudonym("new.payment", "payment:"))
refuse(
    holds, "pseudonym", "before insert", "an account and a payment are named by pseudonyms and nothing else",
    Sql(
        " or ".join(one.sqlite for one in _named),
        " or ".join(one.postgresql for one in _named),
    ),
)  # fmt: skip
refuse(
    holds, "by_a_rule", "before insert",
    "a payment is held only by a rule that people approved and that stands",
    """not exists (select 1 from hold_rules r where r.id = new.rule and r.laboratory = new.laboratory
      and r.proposed_at <= new.began_at and new.began_at < r.expires_at
      and not exists (select 1 from hold_rule_acts e where e.rule = r.id and e.act = 'end')
      and (select count(distinct a.person) from hold_rule_acts a where a.rule = r.id and a.act = 'approve'
        and a.at <= new.began_at and a.person <> r.proposer
        and not exists (select 1 from hold_rule_acts w where w.rule = a.rule and w.person = a.person
          and w.act = 'withdraw')) >= r.needed)""",
    lock="hold_rules where id = new.rule",
)  # fmt: skip
# What it says of the account is compared with what the rule asks for, both as they are sealed.
_COVERED = """not exists (select 1 from hold_rules r join cases c on c.id = new.case_id
  where r.id = new.rule and c.jurisdiction = r.jurisdiction and c.provision = {provision}
  and {score} >= {least} and {count} >= r.least_indicators and {transactions} > 0
  and exists (select 1 from {found} join {named} on f.value = n.value))"""
_SAID, _RULE = "cast(new.record as text)", "cast(r.record as text)"
_JSON, _RULE_JSON = "ringfence_record(new.record)", "ringfence_record(r.record)"
_FOUND = f"jsonb_array_elements_text({_JSON} #> '{{grounds,typologies}}') as f(value)"
refuse(
    holds, "covered", "before insert", "the rule does not cover what is said of this account",
    Sql(
        _COVERED.format(
            provision=f"json_extract({_RULE}, '$.provision')",
            score=f"json_extract({_SAID}, '$.grounds.score')",
            least=f"json_extract({_RULE}, '$.least_score')",
            count=f"(select count(distinct f.value) from json_each({_SAID}, '$.grounds.typologies') f)",  # noqa: S608
            transactions=f"json_array_length({_SAID}, '$.grounds.transactions')",
            found=f"json_each({_SAID}, '$.grounds.typologies') f",
            named=f"json_each({_RULE}, '$.typologies') n",
        ),
        _COVERED.format(
            provision=f"{_RULE_JSON} ->> 'provision'",
            score=f"({_JSON} #>> '{{grounds,score}}')::integer",
            least=f"({_RULE_JSON} ->> 'least_score')::integer",
            count=f"(select count(distinct f.value) from {_FOUND})",  # noqa: S608 (ours)
            transactions=f"jsonb_array_length({_JSON} #> '{{grounds,transactions}}')",
            found=_FOUND,
            named=f"jsonb_array_elements_text({_RULE_JSON} -> 'typologies') as n(value)",
        ),
    ),
)  # fmt: skip
# SQLite counts days in reals, and in milliseconds.
refuse(
    holds, "time", "before insert", "a hold ends by itself within the time of its rule",
    Sql(
        """not exists (select 1 from hold_rules r where r.id = new.rule and new.until_at > new.began_at
          and julianday(new.until_at) <= julianday(new.began_at) + r.hours / 24.0 + 0.00000002)""",
        """not exists (select 1 from hold_rules r where r.id = new.rule and new.until_at > new.began_at
          and new.until_at::timestamptz <= new.began_at::timestamptz + r.hours * interval '1 hour')""",
    ),
)  # fmt: skip
refuse(
    holds, "on_an_assessment", "before insert",
    "a hold rests on an assessment that is made out, with every exclusion found not to apply",
    """not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open'
      and c.subject = new.account and c.laboratory = new.laboratory)
      or coalesce((select l.outcome from case_events l where l.case_id = new.case_id
        and l.kind = 'assessed' and l.about = new.assessment and l.at <= new.began_at
        and l.seq = (select max(m.seq)
          from case_events m where m.case_id = new.case_id and m.kind = 'assessed')), '') <> 'actionable'""",
    lock="cases where id = new.case_id",
)  # fmt: skip
agrees(
    holds, rule="rule", case_id="case", account="account", payment="payment", assessment="assessment",
    began_at="began_at", until_at="until_at", laboratory="laboratory",
)  # fmt: skip

_said(hold_acts, "hold", "act", "actor", "at", "reasons")
refuse(
    hold_acts, "while_held", "before insert", "what is over is not confirmed, released or ended again",
    """coalesce(new.act, '') not in ('confirmed', 'released', 'expired')
      or exists (select 1 from hold_acts e where e.hold = new.hold and e.act in ('released', 'expired'))
      or not exists (select 1 from holds h where h.id = new.hold and h.began_at <= new.at
        and (new.act = 'expired') = (h.until_at <= new.at))""",
    lock="holds where id = new.hold",
)  # fmt: skip
refuse(
    hold_acts, "by_their_role", "before insert", "this person holds no role for this act at that time",
    f"""coalesce(not ((new.act in ('released', 'expired') and new.actor = '{HOUSE}')
      or (new.act = 'confirmed' and {role_held("new.actor", _DESK, "new.at")})
      or (new.act = 'released' and {role_held("new.actor", _LIFTS, "new.at")})), true)""",
    lock="roles where person = new.actor order by id",
)  # fmt: skip
agrees(hold_acts, hold="hold", act="act", actor="actor", at="at", reasons="reasons")
refuse(
    case_events, "lets_go", "before insert",
    "an exclusion of the house protects: its holds are released first",
    """new.kind = 'assessed' and new.outcome = 'protected' and exists (select 1 from holds h
      where h.case_id = new.case_id and h.until_at > new.at and not exists (select 1 from hold_acts e
        where e.hold = h.id and e.act in ('released', 'expired')))""",
)  # fmt: skip
refuse(
    cases, "lets_go", "before update", "a payment of this case is still held: it is released first",
    """new.state = 'closed' and exists (select 1 from holds h where h.case_id = old.id
      and h.until_at > new.closed_at and not exists (select 1 from hold_acts e
        where e.hold = h.id and e.act in ('released', 'expired')))""",
)  # fmt: skip
