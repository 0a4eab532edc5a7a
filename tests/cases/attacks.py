"""What somebody with plain SQL would try, on either engine. All of it must be refused."""

import json
import re

LATER = "2018-08-24T09:30:00.000000Z"

# What an attack says differently on the two engines: <nothing>, <object KEY, VALUE, …> for a record, and
# <record JSON> for the record that is there with these fields changed.
WORDS = {
    "sqlite": {
        "object": "cast(json_object({}) as blob)",
        "record": "cast(json_patch(cast(record as text), '{}') as blob)",
        "nothing": "x'00'",
    },
    "postgresql": {
        "object": "convert_to(json_build_object({})::text, 'UTF8')",
        "record": "convert_to((convert_from(record, 'UTF8')::jsonb || '{}'::jsonb)::text, 'UTF8')",
        "nothing": r"'\x00'",
    },
}
_PLACE = re.compile(r"<(object|record|nothing)\s*([^>]*)>")


def worded(statement: str, kind: str) -> str:
    """An attack in the words of an engine."""
    return _PLACE.sub(lambda found: WORDS[kind][found[1]].replace("{}", found[2]), statement)


def moved(state: str, at: str = LATER, **columns: str) -> str:
    """An assignment of a state at a time, with a record that says the same."""
    changed = {"state": state, "moved_at": at, **columns}
    texts = ", ".join(f"{name} = '{value}'" for name, value in changed.items())
    return f"{texts}, record = <record {json.dumps(changed)}>"


def told(
    kind: str, who: str, at: str = LATER, about: str = "null", outcome: str = "null", name: str = ""
) -> str:
    """An event inserted by hand."""
    return f"""insert into case_events
        (id, case_id, order_id, kind, at, actor, about, outcome, record, digest)
        select '{name or f"e-{kind}"}', case_id, id, '{kind}', '{at}', '{who}', {about}, {outcome},
        <object 'case', case_id, 'order', id, 'kind', '{kind}', 'at', '{at}', 'actor', '{who}',
        'about', {about}, 'outcome', {outcome}>, '' from orders"""


ACTIVE = moved("active", activated_at=LATER)
COLUMNS = """case_id, subject, host, subdomains, assessment, measure, legal_basis, reasons, authority,
    addressee, notice, notice_basis, appeal, policy, proposer, needed, proposed_at, moved_at, expires_at,
    review_at, laboratory, record, digest"""
ORDER_COPY = f"insert into orders (id, state, {COLUMNS}) select {{id}}, {{state}}, {COLUMNS} from orders"


def approval(who: str, act: str = "approve", at: str = LATER, *, how: str = "", key: str = "a") -> str:
    """A row that says it itself, so that no other rule than the one attacked refuses it."""
    return f"""insert {how} into approvals (id, order_id, approver, act, at, record, digest)
        select '{key}', id, {who}, '{act}', '{at}',
        <object 'order', id, 'approver', {who}, 'act', '{act}', 'at', '{at}'>, '' from orders"""


CASE_COPY = """ into cases
    select 'CA-1', subject, jurisdiction, provision, 'open', opened_at, null, laboratory
    from cases"""

ATTACKS = {
    "activate without its record": f"update orders set state = 'active', activated_at = '{LATER}'",
    "approve the order alone": "update orders set " + moved("approved"),
    "suspend a proposal": "update orders set " + moved("suspended"),
    "decide as an analyst": told("decided", "li"),
    "activate as a guest": told("activated", "guest"),
    "revoke as an auditor": told("revoked", "audit"),
    "an act of no kind": told("blessed", "wang"),
    "an act of the house that is none of its own": told("activated", "ringfence"),
    "an assessment that says nothing of what it allows": told("assessed", "li", about="'assessment:1'"),
    "an outcome of something else": told("decided", "wang", outcome="'actionable'"),
    "revoke without its record": """update orders set state = 'revoked',
        ended_at = '2018-08-24T10:00:00.000000Z'""",
    "activate": "update orders set state = 'active'",
    "activate with a date": f"update orders set {ACTIVE}",
    "lower what is needed": "update orders set needed = 1",
    "lower and activate": f"update orders set needed = 1, {ACTIVE}",
    "need nothing": f"update orders set needed = 0, {ACTIVE}",
    "another proposer": "update orders set proposer = 'zhao'",
    "another host": "update orders set host = 'okex.com'",
    "a later end": "update orders set expires_at = '2099-01-01T00:00:00.000000Z'",
    "other reasons": "update orders set reasons = 'because'",
    "another record": "update orders set record = <nothing>",
    "another id": "update orders set id = 'RF-1'",
    "a state of their own": "update orders set state = 'approved'",
    "no state": "update orders set state = null",
    "expire what never was": "update orders set state = 'expired', ended_at = '2099-01-01T00:00:00.000000Z'",
    "delete the order": "delete from orders",
    "insert active": ORDER_COPY.format(id="'RF-1'", state="'active'"),
    "insert null": ORDER_COPY.format(id="'RF-1'", state="null"),
    "insert the same id": ORDER_COPY.format(id="id", state="'proposed'"),
    "upsert": ORDER_COPY.format(id="id", state="'proposed'")
    + " where true on conflict (id) do update set needed = 1",
    "approve oneself": approval("proposer"),
    "approve again": approval("'wang'"),
    "approve as a guest": approval("'guest'"),
    "approve before it was proposed": approval("'chen'", at="2001-01-01T00:00:00.000000Z"),
    "approve with another word": approval("'chen'", "APPROVE"),
    "withdraw for another": approval("'chen'", "withdraw"),
    "approve nothing": "insert into approvals values ('a', 'RF-0', 'chen', 'approve', '2018', <nothing>, '')",
    "delete approvals": "delete from approvals",
    "change an approver": "update approvals set approver = 'chen'",
    "rewrite history": "update case_events set actor = 'zhao'",
    "forget history": "delete from case_events",
    "become an approver earlier": "update roles set since = '2001', until = null",
    "change a role": "update roles set role = 'approver'",
    "take a role away": "delete from roles",
    "change a name": "update people set name = 'X'",
    "remove a person": "delete from people",
    "another subject": "update cases set subject = 'site:okex.com'",
    "close over a live order": "update cases set state = 'closed', closed_at = '2018-08-25'",
    "delete the case": "delete from cases",
    "a second open case": "insert" + CASE_COPY,
}

HISTORY = """replace into case_events
    select {seq}, {id}, case_id, order_id, kind, at, 'x', about, outcome, record, digest
    from case_events limit 1"""

# SQLite's own ways of looking away from a conflict.
SQLITE = {
    "activate, ignoring": f"update or ignore orders set {ACTIVE}",
    "activate, replacing": f"update or replace orders set {ACTIVE}",
    "need a word": f"update orders set needed = 'none', {ACTIVE}",
    "insert or replace": ORDER_COPY.format(id="id", state="'active'").replace("insert", "replace", 1),
    "approve again, replacing": approval("'wang'", how="or replace"),
    "approve as nobody": approval("'nobody'", how="or ignore"),
    "change a kind, ignoring": "update or ignore approvals set act = 'withdraw'",
    "replace history": HISTORY.format(seq="seq", id="'e'"),
    "replace history by id": HISTORY.format(seq="999", id="id"),
    "replace a role": """replace into roles select id, 'guest', 'approver', since, null, 'x', null
        from roles limit 1""",
    "replace the case": "replace" + CASE_COPY,
}

# PostgreSQL's: what passes row triggers, what passes ordinary triggers, and what hides the tables that a
# rule looks into.
REPLICA = "set session_replication_role = replica; "
SHADOW = """create temp table approvals as select 'x' || n as id, o.id as order_id, 'x' || n as approver,
    'approve' as act from public.orders o, generate_series(1, 9) n; """
POSTGRESQL = {
    "truncate orders": "truncate orders",
    "truncate approvals": "truncate approvals cascade",
    "truncate history": "truncate case_events restart identity",
    "truncate as a replica": REPLICA + "truncate approvals",
    "delete as a replica": REPLICA + "delete from approvals",
    "rewrite history as a replica": REPLICA + "update case_events set actor = 'zhao'",
    "activate as a replica": REPLICA + f"update orders set {ACTIVE}",
    "activate before other approvals": SHADOW + f"update public.orders set {ACTIVE}",
    "approve with an old snapshot": "begin isolation level serializable; " + approval("'chen'"),
    "approve again, overwriting": approval("'wang'") + " on conflict (id) do update set approver = 'chen'",
    "merge": """merge into approvals a using orders o on a.order_id = o.id
        when matched then update set approver = 'chen'""",
    "delete, returning": "with gone as (delete from approvals returning *) select count(*) from gone",
}
