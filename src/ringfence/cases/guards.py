"""Four eyes in the database itself: triggers that no caller can step round.

They hold for any client of the file, so they rely on nothing that a client may switch off:
neither foreign keys (off by default in ``sqlite3``) nor check constraints (a pragma disables
them) nor delete triggers on ``replace`` (they do not fire). On PostgreSQL, what a rule counts or looks
up is locked first, so that no other session changes it meanwhile. Whoever owns the file or the tables
can drop a trigger; that is what the evidence log is for.
"""

from __future__ import annotations

from ringfence.cases.override import MIN_GROUND, OVERRIDABLE
from ringfence.cases.tables import approvals, case_events, cases, orders, people, roles
from ringfence.core.database import Sql, agrees, append_only, both, fixed, kept, refuse
from ringfence.evidence.words import as_ordered


def holds_role(person: str, role: str, at: str) -> str:
    """The condition that somebody holds one of the roles at an instant (each as SQL)."""
    return (
        f"exists (select 1 from roles r where r.person = {person} and r.role in ({role}) "  # noqa: S608
        f"and r.since <= {at} and (r.until is null or r.until > {at}))"
    )


# --- people ------------------------------------------------------------------------------------
append_only(people)
kept(roles)
refuse(
    roles, "ends_once", "before update", "a role can only be ended, once, and not before it began",
    f"({fixed(roles, {'until'})}) or old.until is not null or new.until is null or new.until < old.since",
)  # fmt: skip
refuse(
    roles, "of_a_person", "before insert", "a role belongs to a person on the list",
    "not exists (select 1 from people p where p.id = new.person)",
)  # fmt: skip

# --- cases -------------------------------------------------------------------------------------
kept(cases)
refuse(
    cases, "opens_open", "before insert", "a case begins open, and once for a subject and provision",
    "new.state is not 'open' or exists (select 1 from cases c where c.state = 'open' "
    "and c.subject = new.subject and c.provision = new.provision and c.laboratory = new.laboratory)",
)  # fmt: skip
_LIVE = "select 1 from orders o where o.case_id = old.id and o.state in ('proposed', 'active')"
refuse(
    cases, "closes", "before update", "a case can only be closed, and only without live orders",
    f"({fixed(cases, {'state', 'closed_at'})}) or old.state is not 'open' or new.state is not 'closed' "
    f"or new.closed_at is null or exists ({_LIVE})",
    lock="cases where id = old.id",
)  # fmt: skip

# --- orders ------------------------------------------------------------------------------------
kept(orders)
refuse(
    orders, "begin_proposed", "before insert", "an order begins as proposed",
    "new.state is not 'proposed' or new.activated_at is not null or new.ended_at is not null",
)  # fmt: skip
refuse(
    orders, "need_another", "before insert", "an order needs at least one approver besides its proposer",
    Sql(
        "typeof(new.needed) is not 'integer' or new.needed < 1",
        "new.needed is null or new.needed < 1",  # the column takes nothing but integers there
    ),
)  # fmt: skip
refuse(
    orders, "complete", "before insert", "an order needs reasons, legal basis, appeal, notice and expiry",
    " or ".join(
        f"coalesce(trim(new.{column}), '') = ''"
        for column in ("reasons", "legal_basis", "authority", "appeal", "notice", "expires_at", "proposed_at")
    )
    + " or new.expires_at <= new.proposed_at",
)  # fmt: skip
refuse(
    orders, "by_an_analyst", "before insert", "the proposer is not an analyst or approver at that time",
    f"not {holds_role('new.proposer', repr('analyst') + ', ' + repr('approver'), 'new.proposed_at')}",
    lock="roles where person = new.proposer",
)  # fmt: skip
refuse(
    orders, "in_an_open_case", "before insert", "an order belongs to an open case of the same subject",
    "not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open' "
    "and c.subject = new.subject and c.laboratory = new.laboratory)",
    lock="cases where id = new.case_id",
)  # fmt: skip
_REASONS = ", ".join(map(repr, OVERRIDABLE))
_SAID = "ringfence_record(convert_to(new.overrides, 'UTF8'))"
refuse(
    orders, "override", "before insert",
    "this reason of the guard cannot be overridden, or not without a ground",
    Sql(
        f"""not json_valid(new.overrides) or exists (select 1 from json_each(new.overrides) o where
        case when o.type is not 'object' then 1 else
        coalesce(json_extract(o.value, '$.reason'), '') not in ({_REASONS})
        or length(trim(coalesce(json_extract(o.value, '$.ground'), ''))) < {MIN_GROUND} end)""",  # noqa: S608
        f"""{_SAID} is null or exists (select 1 from jsonb_array_elements(
        case jsonb_typeof({_SAID}) when 'array' then {_SAID} else '[null]'::jsonb end) o where
        jsonb_typeof(o) <> 'object' or coalesce(o ->> 'reason', '') not in ({_REASONS})
        or length(trim(coalesce(o ->> 'ground', ''))) < {MIN_GROUND})""",  # noqa: S608
    ),
)  # fmt: skip
_MOVES = """(old.state = 'proposed' and new.state = 'active' and new.activated_at is not null
      and new.ended_at is null and new.activated_at >= old.proposed_at and new.activated_at < old.expires_at)
  or (old.state = 'proposed' and new.state = 'revoked' and new.activated_at is null
      and new.ended_at is not null)
  or (old.state = 'active' and new.state = 'revoked' and new.activated_at is old.activated_at
      and new.ended_at is not null)
  or (old.state = 'active' and new.state = 'expired' and new.activated_at is old.activated_at
      and new.ended_at >= old.expires_at)"""
_OTHERWISE = (
    f"({fixed(orders, {'state', 'activated_at', 'ended_at', 'record', 'digest'})}) "
    f"or coalesce(not ({_MOVES}), true)"
)
refuse(
    orders, "move", "before update", "an order changes only by an allowed move of its state",
    Sql(*(f"({move}) and not coalesce({erased}, false)"
          for move, erased in zip(both(_OTHERWISE), as_ordered(orders, "reasons"), strict=True))),
)  # fmt: skip
refuse(
    orders, "four_eyes", "before update of state", "an order becomes active only with its approvals",
    """new.state = 'active' and coalesce((select count(distinct a.approver) from approvals a
      where a.order_id = old.id and a.act = 'approve' and a.approver <> old.proposer
      and not exists (select 1 from approvals w where w.order_id = a.order_id
        and w.approver = a.approver and w.act = 'withdraw')) < old.needed, true)""",
    lock="orders where id = old.id",
)  # fmt: skip

_RECORDED = (
    "id subject assessment measure legal_basis reasons authority addressee notice policy state proposer "
    "needed proposed_at activated_at ended_at expires_at review_at laboratory"
)
agrees(
    orders, **{name: name for name in _RECORDED.split()},
    case_id="case", host="scope.host", subdomains="scope.subdomains", addresses="scope.addresses",
    overrides="overrides",
)  # fmt: skip

# --- approvals and events ----------------------------------------------------------------------
append_only(approvals, but=as_ordered(approvals))
refuse(
    approvals, "while_proposed", "before insert", "only a proposed order is approved",
    "not exists (select 1 from orders o where o.id = new.order_id and o.state = 'proposed' "
    "and o.proposed_at <= new.at and new.at < o.expires_at)",
    lock="orders where id = new.order_id",
)  # fmt: skip
refuse(
    approvals, "by_another", "before insert", "no one approves their own proposal",
    "exists (select 1 from orders o where o.id = new.order_id and o.proposer is new.approver)",
)  # fmt: skip
refuse(
    approvals, "by_an_approver", "before insert", "this person is not an approver at that time",
    f"not {holds_role('new.approver', repr('approver'), 'new.at')}",
    lock="roles where person = new.approver",
)  # fmt: skip
refuse(
    approvals, "of_two_kinds", "before insert", "an approval is approve, or withdraw after approve",
    """coalesce(new.act, '') not in ('approve', 'withdraw') or (new.act = 'withdraw' and not exists
      (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.approver
       and a.act = 'approve'))""",
)  # fmt: skip
agrees(approvals, order_id="order", approver="approver", act="act", at="at")
append_only(case_events, but=as_ordered(case_events))
agrees(case_events, case_id="case", order_id="order", kind="kind", at="at", actor="actor", about="about")
