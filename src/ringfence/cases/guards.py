"""Four eyes in the database itself: triggers that no caller can step round.

They hold for any client of the file, so they rely on nothing that a client may switch off:
neither foreign keys (off by default in ``sqlite3``) nor check constraints (a pragma disables
them) nor delete triggers on ``replace`` (they do not fire). On PostgreSQL, what a rule counts or looks
up is locked first, so that no other session changes it meanwhile. Whoever owns the file or the tables
can drop a trigger; that is what the evidence log is for.
"""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.cases.override import MIN_GROUND, OVERRIDABLE
from ringfence.cases.roles import ACTS, ALONE, AUTOMATIC, HOUSE, PEOPLE
from ringfence.cases.tables import LIVE, OUTCOMES, approvals, case_events, cases, orders, people, roles
from ringfence.core.database import Sql, agrees, append_only, both, fixed, kept, refuse
from ringfence.evidence.words import as_ordered


def words(names: Iterable[str]) -> str:
    """Words of ours as an SQL list."""
    return ", ".join(f"'{name}'" for name in names)


def holds(person: str, roles_in: str, at: str) -> str:
    """SQL: whether a person holds one of these roles (an SQL list) at a time."""
    return (
        f"exists (select 1 from roles r where r.person = {person} and r.role in ({roles_in}) "  # noqa: S608
        f"and r.since <= {at} and (r.until is null or r.until > {at}))"
    )


# --- people ------------------------------------------------------------------------------------
append_only(people)
kept(roles)
refuse(
    roles, "ends_once", "before update", "a role can only be ended, once, and not before it began",
    f"({fixed(roles, {'until', 'ended_by'})}) or old.until is not null or new.until is null "
    "or new.ended_by is null or new.until < old.since",
)  # fmt: skip
refuse(
    roles, "of_a_person", "before insert", "a role belongs to a person on the list",
    "not exists (select 1 from people p where p.id = new.person)",
)  # fmt: skip
# Two grants meet where neither ends before the other begins; only what lasts now can be added to.
refuse(
    roles, "apart", "before insert", "an auditor or administrator holds no other role at the same time",
    f"""exists (select 1 from roles r where r.person = new.person and r.role <> new.role
      and (r.until is null or r.until > new.since)
      and (new.role in ({words(ALONE)}) or r.role in ({words(ALONE)})))""",  # noqa: S608
    lock="people where id = new.person",
)  # fmt: skip
_FOUNDED = "exists (select 1 from roles f where f.role = 'administrator')"
_ADMINISTRATOR = words(["administrator"])
refuse(
    roles, "by_an_administrator", "before insert", "only an administrator grants roles",
    f"{_FOUNDED} and not {holds('new.granted_by', _ADMINISTRATOR, 'new.since')}",
)  # fmt: skip
refuse(
    roles, "ended_by_an_administrator", "before update", "only an administrator ends roles",
    f"{_FOUNDED} and not {holds('new.ended_by', _ADMINISTRATOR, 'new.until')}",
)  # fmt: skip
refuse(
    roles, "keep_an_administrator", "before update", "the last administrator stays",
    """old.role = 'administrator' and not exists (select 1 from roles r where r.role = 'administrator'
      and r.id <> old.id and r.since <= new.until and r.until is null)""",
    lock="roles where role = 'administrator' order by id",
)  # fmt: skip

# --- cases -------------------------------------------------------------------------------------
kept(cases)
refuse(
    cases, "opens_open", "before insert", "a case begins open, and once for a subject and provision",
    "new.state is not 'open' or exists (select 1 from cases c where c.state = 'open' "
    "and c.subject = new.subject and c.provision = new.provision and c.laboratory = new.laboratory)",
)  # fmt: skip
_LIVE = f"select 1 from orders o where o.case_id = old.id and o.state in ({words(LIVE)})"  # noqa: S608
refuse(
    cases, "closes", "before update", "a case can only be closed, and only without live orders",
    f"({fixed(cases, {'state', 'closed_at'})}) or old.state is not 'open' or new.state is not 'closed' "
    f"or new.closed_at is null or exists ({_LIVE})",
    lock="cases where id = old.id",
)  # fmt: skip
refuse(
    cases, "closed_by_somebody", "before update", "a case is closed by an event that says who closed it",
    "not exists (select 1 from case_events e where e.case_id = old.id and e.kind = 'closed' "
    "and e.at = new.closed_at)",
)  # fmt: skip

# --- orders ------------------------------------------------------------------------------------
kept(orders)
refuse(
    orders, "begin_proposed", "before insert", "an order begins as proposed",
    "new.state is not 'proposed' or new.activated_at is not null or new.ended_at is not null "
    "or new.moved_at <> new.proposed_at",
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
    f"not {holds('new.proposer', words(['analyst', 'approver']), 'new.proposed_at')}",
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
refuse(
    orders, "renews_one_before", "before insert", "a renewal refers to an order of the same subject",
    "new.renews is not null and not exists (select 1 from orders o where o.id = new.renews "
    "and o.subject = new.subject and o.laboratory = new.laboratory)",
)  # fmt: skip
# Nothing is proposed, approved or in force on an assessment that was never filed as one to act on, nor
# once the case's latest assessment says otherwise.
_ACTIONABLE = """exists (select 1 from case_events e where e.case_id = {row}.case_id and e.kind = 'assessed'
  and e.about = {row}.assessment and e.outcome = 'actionable')"""
_STILL = """coalesce((select l.outcome from case_events l where l.case_id = new.case_id
  and l.kind = 'assessed' order by l.seq desc limit 1), '') = 'actionable'"""
refuse(
    orders, "on_an_assessment", "before insert",
    "an order rests on an assessment that is made out, with every exclusion found not to apply",
    f"not {_ACTIONABLE.format(row='new')}",
)  # fmt: skip
refuse(
    orders, "still_made_out", "before update",
    "the latest assessment of the case is none to act on, or journalism is not ruled out",
    f"new.state in ('approved', 'active') and (not {_ACTIONABLE.format(row='new')} or not ({_STILL}))",
    lock="cases where id = new.case_id",
)  # fmt: skip
_MOVES = """(old.state = 'proposed' and new.state = 'approved' and new.activated_at is null
      and new.ended_at is null)
  or (old.state = 'approved' and new.state = 'active' and new.activated_at = new.moved_at
      and new.ended_at is null and new.activated_at < old.expires_at)
  or (old.state = 'active' and new.state = 'suspended' and new.activated_at = old.activated_at
      and new.ended_at is null)
  or (old.state = 'suspended' and new.state = 'active' and new.activated_at = old.activated_at
      and new.ended_at is null and new.moved_at < old.expires_at)
  or (old.state in ('proposed', 'approved') and new.state = 'revoked' and new.activated_at is null
      and new.ended_at = new.moved_at)
  or (old.state in ('active', 'suspended') and new.state = 'revoked' and new.activated_at = old.activated_at
      and new.ended_at = new.moved_at)
  or (old.state in ('active', 'suspended') and new.state = 'expired' and new.activated_at = old.activated_at
      and new.ended_at = new.moved_at and new.ended_at >= old.expires_at)"""
_OTHERWISE = (
    f"({fixed(orders, {'state', 'activated_at', 'moved_at', 'ended_at', 'record', 'digest'})}) "
    f"or coalesce(new.moved_at < old.moved_at, true) or coalesce(not ({_MOVES}), true)"
)
refuse(
    orders, "move", "before update", "an order changes only by an allowed move of its state",
    Sql(*(f"({move}) and not coalesce({erased}, false)"
          for move, erased in zip(both(_OTHERWISE), as_ordered(orders, "reasons"), strict=True))),
)  # fmt: skip
_TOLD = """case when new.state = 'approved' then 'decided' when new.state = 'active' then
  case when old.state = 'suspended' then 'resumed' else 'activated' end else new.state end"""
refuse(
    orders, "told", "before update", "every move of an order is told by an event of that time",
    f"""not exists (select 1 from case_events e where e.order_id = old.id and e.at = new.moved_at
      and e.kind = {_TOLD} and (new.state <> 'active' or e.actor <> old.proposer))""",  # noqa: S608
)  # fmt: skip
refuse(
    orders, "four_eyes", "before update", "an order becomes active only with its approvals",
    """new.state in ('approved', 'active') and coalesce((select count(distinct a.approver) from approvals a
      where a.order_id = old.id and a.act = 'approve' and a.approver <> old.proposer
      and not exists (select 1 from approvals w where w.order_id = a.order_id
        and w.approver = a.approver and w.act = 'withdraw')) < old.needed, true)""",
    lock="orders where id = old.id",
)  # fmt: skip

_RECORDED = (
    "id subject assessment measure legal_basis reasons authority addressee notice notice_basis reply_days "
    "urgency urgency_reasons renews policy state proposer needed proposed_at activated_at moved_at ended_at "
    "expires_at review_at laboratory"
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
    f"not {holds('new.approver', words(['approver']), 'new.at')}",
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
agrees(
    case_events, case_id="case", order_id="order", kind="kind", at="at", actor="actor", about="about",
    outcome="outcome",
)  # fmt: skip
_ALLOWED = " or ".join(
    f"(new.kind = '{kind}' and {holds('new.actor', words(allowed), 'new.at')})"
    for kind, allowed in ACTS.items()
    if allowed
)
refuse(
    case_events, "by_their_role", "before insert", "this person holds no role for this act at that time",
    f"coalesce(not (new.kind in ({words(PEOPLE)}) or (new.actor = '{HOUSE}' "
    f"and new.kind in ({words(AUTOMATIC)})) or {_ALLOWED}), true)",
    lock="roles where person = new.actor order by id",
)  # fmt: skip
refuse(
    case_events, "assessed", "before insert", "an assessment is filed with what it allows",
    f"""(new.kind = 'assessed' and (new.about is null
      or coalesce(new.outcome, '') not in ({words(OUTCOMES)})))
      or (new.kind <> 'assessed' and new.outcome is not null)""",
)  # fmt: skip
refuse(
    case_events, "protects", "before insert", "journalism is protected: its orders are suspended first",
    """new.kind = 'assessed' and new.outcome = 'protected' and exists (select 1 from orders o
      where o.case_id = new.case_id and o.state = 'active')""",
    # Orders before their case, as whoever moves an order does: nobody waits in a circle.
    lock=("orders where case_id = new.case_id order by id", "cases where id = new.case_id"),
)  # fmt: skip
