"""Being heard, in the database itself: no order in force without its notice, no judge in one's own cause.

Like `guards`, these hold against any client of the store and rely on nothing that it may switch off.
"""

from __future__ import annotations

from sqlalchemy import Table

from ringfence.cases.guards import holds, words
from ringfence.cases.hearing_tables import (
    FATES,
    RULINGS,
    WORDS,
    appeals,
    deferrals,
    deliveries,
    notices,
    rulings,
)
from ringfence.cases.roles import HOUSE
from ringfence.cases.tables import LIVE, orders
from ringfence.core.database import Sql, agrees, append_only, both, refuse
from ringfence.evidence.words import as_ordered

_DESK = words(["analyst", "approver"])
_ENTERS = words(["analyst", "approver", "appeals_officer"])


def _said(table: Table, *columns: str) -> None:
    blank = " or ".join(f"coalesce(trim(new.{column}), '') = ''" for column in columns)
    refuse(table, "said", "before insert", f"{table.name}: something is left blank", blank)


for _table in (notices, deliveries, deferrals, appeals, rulings):
    append_only(_table, but=as_ordered(_table, *WORDS[_table.name]))

# --- notices -----------------------------------------------------------------------------------
_said(notices, "order_id", "recipient", "language", "text", "timing", "at", "by_whom")
refuse(
    notices, "of_a_live_order", "before insert", "a notice is of a live order, and not of another time",
    f"""coalesce(new.timing, '') not in ('before', 'after')
      or not exists (select 1 from orders o where o.id = new.order_id and o.state in ({words(LIVE)})
        and o.proposed_at <= new.at)""",  # noqa: S608
    lock="orders where id = new.order_id",
)  # fmt: skip
refuse(
    notices, "by_the_desk", "before insert", "this person gives no notices at that time",
    f"new.by_whom <> '{HOUSE}' and not {holds('new.by_whom', _DESK, 'new.at')}",
    lock="roles where person = new.by_whom order by id",
)  # fmt: skip
refuse(
    notices, "window", "before insert", "a notice before the measure gives time to reply; one after is due",
    "(new.timing = 'before' and coalesce(new.reply_until, '') <= new.at) "
    "or (new.timing = 'after' and coalesce(new.due_at, '') < new.at)",
)  # fmt: skip
agrees(
    notices, order_id="order", recipient="recipient", language="language", text="text", timing="when",
    at="at", by_whom="by", reply_until="reply_until", due_at="due_at",
)  # fmt: skip

_said(deliveries, "notice", "fate", "channel", "at", "by_whom")
refuse(
    deliveries, "of_a_notice", "before insert", "a delivery is of a notice, and says why where it failed",
    f"""coalesce(new.fate, '') not in ({words(FATES)})
      or (new.fate = 'failed' and coalesce(trim(new.why), '') = '')
      or not exists (select 1 from notices n where n.id = new.notice and n.order_id = new.order_id
        and n.at <= new.at)""",  # noqa: S608
)  # fmt: skip
refuse(
    deliveries, "by_the_desk", "before insert", "this person delivers no notices at that time",
    f"new.by_whom <> '{HOUSE}' and not {holds('new.by_whom', _DESK, 'new.at')}",
    lock="roles where person = new.by_whom order by id",
)  # fmt: skip
refuse(
    deliveries, "by_the_house", "before insert", "the house delivers only what it has begun to send",
    f"""new.by_whom = '{HOUSE}' and not exists (select 1 from case_events e where e.about = new.notice
      and e.kind = 'sending' and e.at <= new.at)""",  # noqa: S608
)  # fmt: skip
agrees(
    deliveries, notice="notice", order_id="order", fate="fate", channel="channel", why="why", at="at",
    by_whom="by",
)  # fmt: skip

_said(deferrals, "order_id", "ground", "reasons", "decider", "review_at", "at")
refuse(
    deferrals, "by_law", "before insert", "notice is deferred only where a text says so, and not for good",
    f"""new.review_at <= new.at or not exists (select 1 from orders o where o.id = new.order_id
      and o.state in ({words(LIVE)}) and o.notice = 'deferred' and trim(o.notice_basis) <> ''
      and new.review_at <= o.expires_at)""",  # noqa: S608
    lock="orders where id = new.order_id",
)  # fmt: skip
refuse(
    deferrals, "by_another", "before insert", "notice is deferred by an approver other than the proposer",
    f"""not {holds('new.decider', words(['approver']), 'new.at')} or exists (select 1 from orders o
      where o.id = new.order_id and o.proposer = new.decider)""",  # noqa: S608
    lock="roles where person = new.decider order by id",
)  # fmt: skip
agrees(
    deferrals, order_id="order", ground="ground", reasons="reasons", decider="decider",
    review_at="review_at", at="at",
)  # fmt: skip

# --- no order in force unheard -----------------------------------------------------------------
_NOTICE = "exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at{more})"
# Who was told late has the whole time nevertheless. SQLite counts days in reals, and in milliseconds.
_WHOLE = Sql(
    "julianday(d.at) + old.reply_days <= julianday(new.moved_at) + 0.00000002",
    "d.at::timestamptz + old.reply_days * interval '24 hours' <= new.moved_at::timestamptz",
)


def _heard(whole: str) -> str:
    tried = f""" and n.timing = 'before' and n.reply_until <= new.moved_at
      and exists (select 1 from notice_deliveries d where d.notice = n.id and {whole})"""  # noqa: S608
    return f"""(old.notice = 'none' and trim(old.notice_basis) <> '')
  or (old.notice = 'after' and {_NOTICE.format(more="")})
  or (old.notice = 'before' and {_NOTICE.format(more=tried)})
  or (old.notice = 'before' and trim(old.urgency) <> '' and trim(old.urgency_reasons) <> ''
    and {_NOTICE.format(more="")})
  or (old.notice = 'deferred' and trim(old.notice_basis) <> '' and exists (select 1
    from notice_deferrals f where f.order_id = old.id and f.at <= new.moved_at
    and (f.review_at > new.moved_at or {_NOTICE.format(more="")})))"""  # noqa: S608


_UNHEARD = "new.state = 'active' and not coalesce(({}), false)"
refuse(
    orders, "heard", "before update",
    "an order becomes active only with its notice given and the time to reply over, or lawfully without",
    Sql(_UNHEARD.format(_heard(_WHOLE.sqlite)), both(_UNHEARD.format(_heard(_WHOLE.postgresql))).postgresql),
)  # fmt: skip
refuse(
    orders, "reply_considered", "before update", "a reply was given and nobody has considered it",
    """new.state = 'active' and exists (select 1 from case_events r where r.order_id = old.id
      and r.kind = 'replied' and not exists (select 1 from case_events c where c.order_id = old.id
        and c.kind = 'considered' and c.about = r.id))""",
)  # fmt: skip
refuse(
    orders, "not_after_partly", "before update",
    "an appeal succeeded in part: only a new, narrower order may follow",
    """new.state = 'active' and exists (select 1 from appeal_rulings r where r.order_id = old.id
      and r.outcome <> 'dismissed')""",
)  # fmt: skip

# --- appeals -----------------------------------------------------------------------------------
_said(appeals, "order_id", "appellant", "grounds", "filed_at", "by_whom")
refuse(
    appeals, "of_an_order", "before insert", "an appeal is against an order that was decided",
    "not exists (select 1 from orders o where o.id = new.order_id and o.state <> 'proposed' "
    "and o.proposed_at <= new.filed_at)",
    lock="orders where id = new.order_id",
)  # fmt: skip
refuse(
    appeals, "entered_by", "before insert", "this person enters no appeals at that time",
    f"not {holds('new.by_whom', _ENTERS, 'new.filed_at')}",
    lock="roles where person = new.by_whom order by id",
)  # fmt: skip
agrees(appeals, order_id="order", appellant="appellant", grounds="grounds", filed_at="filed_at", by_whom="by")

_said(rulings, "appeal", "order_id", "decider", "outcome", "reasons", "at")
refuse(
    rulings, "of_an_appeal", "before insert", "a ruling is on an appeal, upheld, dismissed or partly",
    f"""coalesce(new.outcome, '') not in ({words(RULINGS)}) or not exists (select 1 from appeals a
      where a.id = new.appeal and a.order_id = new.order_id and a.filed_at <= new.at)""",  # noqa: S608
)  # fmt: skip
refuse(
    rulings, "by_an_officer", "before insert", "this person is not an appeals officer at that time",
    f"not {holds('new.decider', words(['appeals_officer']), 'new.at')}",
    lock="roles where person = new.decider order by id",
)  # fmt: skip
# Whoever proposed, approved (also one who took it back), deferred notice, weighed the reply or put the
# order in force took part in it.
refuse(
    rulings, "by_another", "before insert", "nobody hears an appeal against an order they took part in",
    """exists (select 1 from orders o where o.id = new.order_id and o.proposer = new.decider)
      or exists (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.decider)
      or exists (select 1 from notice_deferrals f where f.order_id = new.order_id
        and f.decider = new.decider)
      or exists (select 1 from case_events e where e.order_id = new.order_id and e.actor = new.decider
        and e.kind in ('proposed', 'approved', 'decided', 'considered', 'activated', 'deferred'))""",
    lock="orders where id = new.order_id",
)  # fmt: skip
refuse(
    rulings, "undo", "before insert", "an appeal that succeeds takes the order out of force first",
    """(new.outcome = 'upheld' and exists (select 1 from orders o where o.id = new.order_id
        and o.state not in ('revoked', 'expired')))
      or (new.outcome = 'partly' and exists (select 1 from orders o where o.id = new.order_id
        and o.state = 'active'))""",
)  # fmt: skip
agrees(
    rulings, appeal="appeal", order_id="order", decider="decider", outcome="outcome", reasons="reasons",
    at="at",
)  # fmt: skip
