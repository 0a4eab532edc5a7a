drop trigger leaves_no_replace
--;;
drop trigger leaves_no_delete
--;;
drop trigger leaves_no_move
--;;
drop trigger leaves_no_update
--;;
drop trigger observations_no_replace
--;;
drop trigger observations_no_delete
--;;
drop trigger observations_no_move
--;;
drop trigger observations_no_update
--;;
drop trigger subject_versions_no_replace
--;;
drop trigger subject_versions_no_delete
--;;
drop trigger subject_versions_no_move
--;;
drop trigger subject_versions_no_update
--;;
drop trigger findings_no_replace
--;;
drop trigger findings_no_delete
--;;
drop trigger findings_no_move
--;;
drop trigger findings_no_update
--;;
drop trigger assessments_no_replace
--;;
drop trigger assessments_no_delete
--;;
drop trigger assessments_no_move
--;;
drop trigger assessments_no_update
--;;
drop trigger people_no_replace
--;;
drop trigger people_no_delete
--;;
drop trigger people_no_update
--;;
drop trigger roles_no_replace
--;;
drop trigger roles_no_delete
--;;
drop trigger roles_ends_once
--;;
drop trigger roles_of_a_person
--;;
drop trigger cases_no_replace
--;;
drop trigger cases_no_delete
--;;
drop trigger cases_opens_open
--;;
drop trigger cases_closes
--;;
drop trigger orders_no_replace
--;;
drop trigger orders_no_delete
--;;
drop trigger orders_begin_proposed
--;;
drop trigger orders_need_another
--;;
drop trigger orders_complete
--;;
drop trigger orders_by_an_analyst
--;;
drop trigger orders_in_an_open_case
--;;
drop trigger orders_override
--;;
drop trigger orders_move
--;;
drop trigger orders_four_eyes
--;;
drop trigger orders_agree_insert
--;;
drop trigger orders_agree_update
--;;
drop trigger approvals_no_replace
--;;
drop trigger approvals_no_delete
--;;
drop trigger approvals_no_update
--;;
drop trigger approvals_while_proposed
--;;
drop trigger approvals_by_another
--;;
drop trigger approvals_by_an_approver
--;;
drop trigger approvals_of_two_kinds
--;;
drop trigger approvals_agree_insert
--;;
drop trigger approvals_agree_update
--;;
drop trigger case_events_no_replace
--;;
drop trigger case_events_no_delete
--;;
drop trigger case_events_no_move
--;;
drop trigger case_events_no_update
--;;
drop trigger case_events_agree_insert
--;;
drop trigger case_events_agree_update
--;;
drop trigger artefacts_no_replace
--;;
drop trigger artefacts_no_delete
--;;
drop trigger artefacts_no_move
--;;
drop trigger artefacts_no_update
--;;
drop trigger artefact_orders_no_replace
--;;
drop trigger artefact_orders_no_delete
--;;
drop trigger artefact_orders_no_update
--;;
drop trigger artefact_orders_active
--;;
drop trigger expectations_no_replace
--;;
drop trigger expectations_no_delete
--;;
drop trigger expectations_no_move
--;;
drop trigger expectations_no_update
--;;
drop trigger checks_no_replace
--;;
drop trigger checks_no_delete
--;;
drop trigger checks_no_move
--;;
drop trigger checks_no_update
--;;
drop trigger deliveries_no_replace
--;;
drop trigger deliveries_no_delete
--;;
drop trigger deliveries_no_move
--;;
drop trigger deliveries_no_update
--;;
drop trigger deliveries_agree_insert
--;;
drop trigger deliveries_agree_update
--;;
drop trigger deliveries_of_an_order
--;;
drop trigger delivered_no_replace
--;;
drop trigger delivered_no_delete
--;;
drop trigger delivered_no_update
--;;
drop trigger delivered_by_a_delivery
--;;
CREATE TABLE appeal_rulings (
	id VARCHAR NOT NULL, 
	appeal VARCHAR NOT NULL, 
	order_id VARCHAR NOT NULL, 
	decider VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reasons TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (outcome in ('upheld', 'dismissed', 'partly')), 
	UNIQUE (appeal)
)
 WITHOUT ROWID
--;;
CREATE TABLE appeals (
	id VARCHAR NOT NULL, 
	order_id VARCHAR NOT NULL, 
	appellant TEXT NOT NULL, 
	grounds TEXT NOT NULL, 
	filed_at VARCHAR NOT NULL, 
	by_whom VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID
--;;
pragma defer_foreign_keys = on
--;;
create table case_events_new (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	case_id VARCHAR, 
	order_id VARCHAR, 
	kind VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	about VARCHAR, 
	outcome VARCHAR, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
)
--;;
insert into case_events_new (seq, id, case_id, order_id, kind, at, actor, about, record, digest) select seq, id, case_id, order_id, kind, at, actor, about, record, digest from case_events
--;;
drop table case_events
--;;
alter table case_events_new rename to case_events
--;;
CREATE TABLE checkpoints (
	number INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	root VARCHAR NOT NULL, 
	note BLOB NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (size)
)
--;;
CREATE TABLE cosignatures (
	number INTEGER NOT NULL, 
	checkpoint INTEGER NOT NULL, 
	vkey VARCHAR NOT NULL, 
	signature BLOB NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (checkpoint, vkey)
)
--;;
CREATE TABLE duties (
	kind VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	due VARCHAR NOT NULL, 
	every INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	claimed_until VARCHAR, 
	PRIMARY KEY (kind, target)
)
 WITHOUT ROWID
--;;
CREATE TABLE duty_results (
	kind VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	due VARCHAR NOT NULL, 
	done VARCHAR NOT NULL, 
	result VARCHAR NOT NULL, 
	PRIMARY KEY (kind, target, due)
)
 WITHOUT ROWID
--;;
CREATE TABLE hold_acts (
	id VARCHAR NOT NULL, 
	hold VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	reasons TEXT NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (act in ('confirmed', 'released', 'expired')), 
	UNIQUE (hold, act)
)
 WITHOUT ROWID
--;;
CREATE TABLE hold_rule_acts (
	id VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (act in ('approve', 'withdraw', 'end')), 
	UNIQUE (rule, person, act)
)
 WITHOUT ROWID
--;;
CREATE TABLE hold_rules (
	id VARCHAR NOT NULL, 
	jurisdiction VARCHAR NOT NULL, 
	legal_basis TEXT NOT NULL, 
	hours INTEGER NOT NULL, 
	law_hours INTEGER NOT NULL, 
	least_indicators INTEGER NOT NULL, 
	reasons TEXT NOT NULL, 
	proposer VARCHAR NOT NULL, 
	needed INTEGER NOT NULL CHECK (needed >= 1), 
	proposed_at VARCHAR NOT NULL, 
	expires_at VARCHAR NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID
--;;
CREATE TABLE holds (
	id VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	account VARCHAR NOT NULL, 
	payment VARCHAR NOT NULL, 
	assessment VARCHAR NOT NULL, 
	began_at VARCHAR NOT NULL, 
	until_at VARCHAR NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (payment, laboratory)
)
 WITHOUT ROWID
--;;
CREATE TABLE log_keys (
	number INTEGER NOT NULL, 
	vkey VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (vkey)
)
--;;
CREATE TABLE log_tallies (
	what VARCHAR NOT NULL, 
	count INTEGER NOT NULL, 
	PRIMARY KEY (what)
)
--;;
CREATE TABLE notice_deferrals (
	id VARCHAR NOT NULL, 
	order_id VARCHAR NOT NULL, 
	ground TEXT NOT NULL, 
	reasons TEXT NOT NULL, 
	decider VARCHAR NOT NULL, 
	review_at VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID
--;;
CREATE TABLE notice_deliveries (
	id VARCHAR NOT NULL, 
	notice VARCHAR NOT NULL, 
	order_id VARCHAR NOT NULL, 
	fate VARCHAR NOT NULL, 
	channel TEXT NOT NULL, 
	why TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	by_whom VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (fate in ('sent', 'delivered', 'failed'))
)
 WITHOUT ROWID
--;;
CREATE TABLE notices (
	id VARCHAR NOT NULL, 
	order_id VARCHAR NOT NULL, 
	recipient TEXT NOT NULL, 
	language VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	timing VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	by_whom VARCHAR NOT NULL, 
	reply_until VARCHAR, 
	due_at VARCHAR, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (timing in ('before', 'after'))
)
 WITHOUT ROWID
--;;
pragma defer_foreign_keys = on
--;;
create table orders_new (
	id VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	host VARCHAR NOT NULL, 
	subdomains BOOLEAN NOT NULL, 
	addresses TEXT DEFAULT '[]' NOT NULL, 
	overrides TEXT DEFAULT '[]' NOT NULL, 
	assessment VARCHAR NOT NULL, 
	measure VARCHAR NOT NULL, 
	legal_basis TEXT NOT NULL, 
	reasons TEXT NOT NULL, 
	authority TEXT NOT NULL, 
	addressee TEXT NOT NULL, 
	notice VARCHAR NOT NULL, 
	notice_basis TEXT NOT NULL, 
	reply_days INTEGER NOT NULL, 
	urgency TEXT NOT NULL, 
	urgency_reasons TEXT NOT NULL, 
	renews VARCHAR, 
	appeal TEXT NOT NULL, 
	policy VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	proposer VARCHAR NOT NULL, 
	needed INTEGER NOT NULL CHECK (needed >= 1), 
	proposed_at VARCHAR NOT NULL, 
	activated_at VARCHAR, 
	moved_at VARCHAR NOT NULL, 
	ended_at VARCHAR, 
	expires_at VARCHAR NOT NULL, 
	review_at VARCHAR NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (state in ('proposed', 'approved', 'active', 'suspended', 'expired', 'revoked')), 
	CHECK (policy in ('nodata', 'nxdomain', 'redirect'))
)
 WITHOUT ROWID
--;;
insert into orders_new (id, case_id, subject, host, subdomains, addresses, overrides, assessment, measure, legal_basis, reasons, authority, addressee, notice, appeal, policy, state, proposer, needed, proposed_at, activated_at, ended_at, expires_at, review_at, laboratory, record, digest, notice_basis, reply_days, urgency, urgency_reasons, moved_at) select id, case_id, subject, host, subdomains, addresses, overrides, assessment, measure, legal_basis, reasons, authority, addressee, notice, appeal, policy, state, proposer, needed, proposed_at, activated_at, ended_at, expires_at, review_at, laboratory, record, digest, '', 0, '', '', coalesce(ended_at, activated_at, proposed_at) from orders
--;;
drop table orders
--;;
alter table orders_new rename to orders
--;;
CREATE TABLE redactions (
	id VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	blob VARCHAR, 
	scope VARCHAR, 
	row_id VARCHAR, 
	remainder TEXT, 
	case_id VARCHAR, 
	standing VARCHAR, 
	person VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID
--;;
CREATE TABLE retention_orders (
	id VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	about VARCHAR, 
	pack VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	until VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID
--;;
pragma defer_foreign_keys = on
--;;
create table roles_new (
	id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	since VARCHAR NOT NULL, 
	until VARCHAR, 
	granted_by VARCHAR NOT NULL, 
	ended_by VARCHAR, 
	PRIMARY KEY (id), 
	CHECK (role in ('analyst', 'approver', 'appeals_officer', 'publisher', 'auditor', 'administrator'))
)
 WITHOUT ROWID
--;;
insert into roles_new (id, person, role, since, until, granted_by, ended_by) select id, person, role, since, until, (select e.actor from case_events e where e.kind = 'granted' and e.about = person and json_extract(cast(e.record as text), '$.body.grant') = roles.id limit 1), (select e.actor from case_events e where e.kind = 'ended' and e.about = person and json_extract(cast(e.record as text), '$.body.role') = role and e.at = until limit 1) from roles
--;;
drop table roles
--;;
alter table roles_new rename to roles
--;;
CREATE TABLE timestamps (
	number INTEGER NOT NULL, 
	checkpoint INTEGER NOT NULL, 
	reply BLOB NOT NULL, 
	roots BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (number)
)
--;;
CREATE INDEX appeal_rulings_by_order ON appeal_rulings (order_id)
--;;
CREATE INDEX appeals_by_order ON appeals (order_id)
--;;
CREATE INDEX approvals_by_day ON approvals (approver, at)
--;;
CREATE INDEX case_events_by_about ON case_events (about)
--;;
CREATE INDEX case_events_by_case ON case_events (case_id)
--;;
CREATE INDEX case_events_by_order ON case_events (order_id)
--;;
CREATE INDEX ix_duties_due ON duties (due)
--;;
CREATE INDEX holds_by_case ON holds (case_id)
--;;
CREATE INDEX holds_by_end ON holds (until_at)
--;;
CREATE INDEX notice_deferrals_by_order ON notice_deferrals (order_id)
--;;
CREATE INDEX notice_deliveries_by_notice ON notice_deliveries (notice)
--;;
CREATE INDEX notice_deliveries_by_order ON notice_deliveries (order_id)
--;;
CREATE INDEX notices_by_order ON notices (order_id)
--;;
CREATE INDEX ix_observations_capture ON observations (capture)
--;;
CREATE INDEX orders_by_case ON orders (case_id)
--;;
CREATE INDEX orders_by_expiry ON orders (state, expires_at)
--;;
CREATE INDEX orders_by_state ON orders (state, laboratory, measure, host, id, expires_at, subject, subdomains, policy, addresses, overrides)
--;;
CREATE INDEX redactions_by_blob ON redactions (blob)
--;;
CREATE INDEX redactions_by_case ON redactions (case_id)
--;;
CREATE INDEX redactions_by_row ON redactions (row_id)
--;;
CREATE INDEX redactions_by_scope ON redactions (scope)
--;;
CREATE INDEX roles_by_person ON roles (person)
--;;
create trigger appeal_rulings_no_replace before insert on appeal_rulings when exists (select 1 from appeal_rulings where id is new.id) or exists (select 1 from appeal_rulings where appeal is new.appeal) begin select raise(abort, 'appeal_rulings: this key exists'); end
--;;
create trigger appeal_rulings_no_delete before delete on appeal_rulings when true begin select raise(abort, 'appeal_rulings: nothing is deleted'); end
--;;
create trigger appeal_rulings_no_update before update on appeal_rulings when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.appeal is not old.appeal or new.order_id is not old.order_id or new.decider is not old.decider or new.outcome is not old.outcome or new.at is not old.at)), false) begin select raise(abort, 'appeal_rulings is append-only'); end
--;;
create trigger appeal_rulings_said before insert on appeal_rulings when coalesce(trim(new.appeal), '') = '' or coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.decider), '') = '' or coalesce(trim(new.outcome), '') = '' or coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.at), '') = '' begin select raise(abort, 'appeal_rulings: something is left blank'); end
--;;
create trigger appeal_rulings_of_an_appeal before insert on appeal_rulings when coalesce(new.outcome, '') not in ('upheld', 'dismissed', 'partly') or not exists (select 1 from appeals a
      where a.id = new.appeal and a.order_id = new.order_id and a.filed_at <= new.at) begin select raise(abort, 'a ruling is on an appeal, upheld, dismissed or partly'); end
--;;
create trigger appeal_rulings_by_an_officer before insert on appeal_rulings when not exists (select 1 from roles r where r.person = new.decider and r.role in ('appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person is not an appeals officer at that time'); end
--;;
create trigger appeal_rulings_by_another before insert on appeal_rulings when exists (select 1 from orders o where o.id = new.order_id and o.proposer = new.decider)
      or exists (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.decider)
      or exists (select 1 from notice_deferrals f where f.order_id = new.order_id
        and f.decider = new.decider)
      or exists (select 1 from case_events e where e.order_id = new.order_id and e.actor = new.decider
        and e.kind in ('proposed', 'approved', 'decided', 'considered', 'activated', 'deferred')) begin select raise(abort, 'nobody hears an appeal against an order they took part in'); end
--;;
create trigger appeal_rulings_undo before insert on appeal_rulings when (new.outcome = 'upheld' and exists (select 1 from orders o where o.id = new.order_id
        and o.state not in ('revoked', 'expired')))
      or (new.outcome = 'partly' and exists (select 1 from orders o where o.id = new.order_id
        and o.state = 'active')) begin select raise(abort, 'an appeal that succeeds takes the order out of force first'); end
--;;
create trigger appeal_rulings_agree_insert before insert on appeal_rulings when not json_valid(cast(new.record as text)) or new.appeal is not json_extract(cast(new.record as text), '$.appeal') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.decider is not json_extract(cast(new.record as text), '$.decider') or new.outcome is not json_extract(cast(new.record as text), '$.outcome') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'appeal_rulings: row and record differ'); end
--;;
create trigger appeal_rulings_agree_update before update on appeal_rulings when not json_valid(cast(new.record as text)) or new.appeal is not json_extract(cast(new.record as text), '$.appeal') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.decider is not json_extract(cast(new.record as text), '$.decider') or new.outcome is not json_extract(cast(new.record as text), '$.outcome') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'appeal_rulings: row and record differ'); end
--;;
create trigger appeals_no_replace before insert on appeals when exists (select 1 from appeals where id is new.id) begin select raise(abort, 'appeals: this key exists'); end
--;;
create trigger appeals_no_delete before delete on appeals when true begin select raise(abort, 'appeals: nothing is deleted'); end
--;;
create trigger appeals_no_update before update on appeals when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.order_id is not old.order_id or new.filed_at is not old.filed_at or new.by_whom is not old.by_whom)), false) begin select raise(abort, 'appeals is append-only'); end
--;;
create trigger appeals_said before insert on appeals when coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.appellant), '') = '' or coalesce(trim(new.grounds), '') = '' or coalesce(trim(new.filed_at), '') = '' or coalesce(trim(new.by_whom), '') = '' begin select raise(abort, 'appeals: something is left blank'); end
--;;
create trigger appeals_of_an_order before insert on appeals when not exists (select 1 from orders o where o.id = new.order_id and o.state <> 'proposed' and o.proposed_at <= new.filed_at) begin select raise(abort, 'an appeal is against an order that was decided'); end
--;;
create trigger appeals_entered_by before insert on appeals when not exists (select 1 from roles r where r.person = new.by_whom and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.filed_at and (r.until is null or r.until > new.filed_at)) begin select raise(abort, 'this person enters no appeals at that time'); end
--;;
create trigger appeals_agree_insert before insert on appeals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.appellant is not json_extract(cast(new.record as text), '$.appellant') or new.grounds is not json_extract(cast(new.record as text), '$.grounds') or new.filed_at is not json_extract(cast(new.record as text), '$.filed_at') or new.by_whom is not json_extract(cast(new.record as text), '$.by') begin select raise(abort, 'appeals: row and record differ'); end
--;;
create trigger appeals_agree_update before update on appeals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.appellant is not json_extract(cast(new.record as text), '$.appellant') or new.grounds is not json_extract(cast(new.record as text), '$.grounds') or new.filed_at is not json_extract(cast(new.record as text), '$.filed_at') or new.by_whom is not json_extract(cast(new.record as text), '$.by') begin select raise(abort, 'appeals: row and record differ'); end
--;;
create trigger approvals_a_day before insert on approvals when new.act = 'approve' and exists (select 1 from orders o where o.id = new.order_id and substr(o.subject, 1, 8) = 'account:') and (select count(*) from approvals a
      where a.approver = new.approver and a.act = 'approve'
      and a.at >= substr(new.at, 1, 10) and substr(a.at, 1, 10) = substr(new.at, 1, 10)
      and exists (select 1 from orders o where o.id = a.order_id and substr(o.subject, 1, 8) = 'account:')) >= 100 begin select raise(abort, 'this person has approved as many orders on accounts as one may a day'); end
--;;
create trigger approvals_no_replace before insert on approvals when exists (select 1 from approvals where id is new.id) or exists (select 1 from approvals where order_id is new.order_id and approver is new.approver and act is new.act) begin select raise(abort, 'approvals: this key exists'); end
--;;
create trigger approvals_no_delete before delete on approvals when true begin select raise(abort, 'approvals: nothing is deleted'); end
--;;
create trigger approvals_no_update before update on approvals when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.order_id is not old.order_id or new.approver is not old.approver or new.act is not old.act or new.at is not old.at)), false) begin select raise(abort, 'approvals is append-only'); end
--;;
create trigger approvals_while_proposed before insert on approvals when not exists (select 1 from orders o where o.id = new.order_id and o.state = 'proposed' and o.proposed_at <= new.at and new.at < o.expires_at) begin select raise(abort, 'only a proposed order is approved'); end
--;;
create trigger approvals_by_another before insert on approvals when exists (select 1 from orders o where o.id = new.order_id and o.proposer is new.approver) begin select raise(abort, 'no one approves their own proposal'); end
--;;
create trigger approvals_by_an_approver before insert on approvals when not exists (select 1 from roles r where r.person = new.approver and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person is not an approver at that time'); end
--;;
create trigger approvals_of_two_kinds before insert on approvals when coalesce(new.act, '') not in ('approve', 'withdraw') or (new.act = 'withdraw' and not exists
      (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.approver
       and a.act = 'approve')) begin select raise(abort, 'an approval is approve, or withdraw after approve'); end
--;;
create trigger approvals_agree_insert before insert on approvals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.approver is not json_extract(cast(new.record as text), '$.approver') or new.act is not json_extract(cast(new.record as text), '$.act') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'approvals: row and record differ'); end
--;;
create trigger approvals_agree_update before update on approvals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.approver is not json_extract(cast(new.record as text), '$.approver') or new.act is not json_extract(cast(new.record as text), '$.act') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'approvals: row and record differ'); end
--;;
create trigger artefact_orders_no_replace before insert on artefact_orders when exists (select 1 from artefact_orders where artefact is new.artefact and order_id is new.order_id) begin select raise(abort, 'artefact_orders: this key exists'); end
--;;
create trigger artefact_orders_no_delete before delete on artefact_orders when true begin select raise(abort, 'artefact_orders: nothing is deleted'); end
--;;
create trigger artefact_orders_no_update before update on artefact_orders when true begin select raise(abort, 'artefact_orders is append-only'); end
--;;
create trigger artefact_orders_active before insert on artefact_orders when not exists (select 1 from artefacts a join orders o on o.id = new.order_id where a.id = new.artefact and o.state = 'active' and o.expires_at > a.made_at and o.laboratory = a.laboratory) begin select raise(abort, 'an artefact rests on active orders of its own kind'); end
--;;
create trigger artefacts_no_replace before insert on artefacts when exists (select 1 from artefacts where seq is new.seq) or exists (select 1 from artefacts where id is new.id) or exists (select 1 from artefacts where rowid is new.rowid) begin select raise(abort, 'artefacts: this key exists'); end
--;;
create trigger artefacts_no_delete before delete on artefacts when true begin select raise(abort, 'artefacts: nothing is deleted'); end
--;;
create trigger artefacts_no_move before update on artefacts when new.rowid is not old.rowid begin select raise(abort, 'artefacts: a row keeps its number'); end
--;;
create trigger artefacts_no_update before update on artefacts when true begin select raise(abort, 'artefacts is append-only'); end
--;;
create trigger assessments_no_replace before insert on assessments when exists (select 1 from assessments where id is new.id) or exists (select 1 from assessments where rowid is new.rowid) begin select raise(abort, 'assessments: this key exists'); end
--;;
create trigger assessments_no_delete before delete on assessments when true begin select raise(abort, 'assessments: nothing is deleted'); end
--;;
create trigger assessments_no_move before update on assessments when new.rowid is not old.rowid begin select raise(abort, 'assessments: a row keeps its number'); end
--;;
create trigger assessments_no_update before update on assessments when true begin select raise(abort, 'assessments is append-only'); end
--;;
create trigger assessments_pseudonym before insert on assessments when substr(new.subject, 1, 8) = 'account:' and (length(new.subject) <> 40 or substr(new.subject, 1, 8) <> 'account:' or substr(new.subject, 9) glob '*[^0-9a-f]*') begin select raise(abort, 'an account is named by its pseudonym and nothing else'); end
--;;
create trigger case_events_no_replace before insert on case_events when exists (select 1 from case_events where seq is new.seq) or exists (select 1 from case_events where id is new.id) or exists (select 1 from case_events where rowid is new.rowid) begin select raise(abort, 'case_events: this key exists'); end
--;;
create trigger case_events_no_delete before delete on case_events when true begin select raise(abort, 'case_events: nothing is deleted'); end
--;;
create trigger case_events_no_move before update on case_events when new.rowid is not old.rowid begin select raise(abort, 'case_events: a row keeps its number'); end
--;;
create trigger case_events_no_update before update on case_events when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.seq is not old.seq or new.id is not old.id or new.case_id is not old.case_id or new.order_id is not old.order_id or new.kind is not old.kind or new.at is not old.at or new.actor is not old.actor or new.about is not old.about or new.outcome is not old.outcome)), false) begin select raise(abort, 'case_events is append-only'); end
--;;
create trigger case_events_agree_insert before insert on case_events when not json_valid(cast(new.record as text)) or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.at is not json_extract(cast(new.record as text), '$.at') or new.actor is not json_extract(cast(new.record as text), '$.actor') or new.about is not json_extract(cast(new.record as text), '$.about') or new.outcome is not json_extract(cast(new.record as text), '$.outcome') begin select raise(abort, 'case_events: row and record differ'); end
--;;
create trigger case_events_agree_update before update on case_events when not json_valid(cast(new.record as text)) or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.at is not json_extract(cast(new.record as text), '$.at') or new.actor is not json_extract(cast(new.record as text), '$.actor') or new.about is not json_extract(cast(new.record as text), '$.about') or new.outcome is not json_extract(cast(new.record as text), '$.outcome') begin select raise(abort, 'case_events: row and record differ'); end
--;;
create trigger case_events_by_their_role before insert on case_events when coalesce(not (new.kind in ('added', 'granted', 'ended') or (new.actor = 'ringfence' and new.kind in ('opened', 'assessed', 'noticed', 'sending', 'unsent', 'delivered', 'suspended', 'expired', 'published')) or (new.kind = 'opened' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'assessed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'found' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'closed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'proposed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'approved' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'withdrawn' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'decided' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'noticed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'addressed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'delivered' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'deferred' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'replied' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'considered' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'activated' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'suspended' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'resumed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'revoked' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'appealed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'ruled' and exists (select 1 from roles r where r.person = new.actor and r.role in ('appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'published' and exists (select 1 from roles r where r.person = new.actor and r.role in ('publisher') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'revealed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at)))), true) begin select raise(abort, 'this person holds no role for this act at that time'); end
--;;
create trigger case_events_assessed before insert on case_events when (new.kind = 'assessed' and (new.about is null
      or coalesce(new.outcome, '') not in ('actionable', 'not_actionable', 'protected')))
      or (new.kind <> 'assessed' and new.outcome is not null) begin select raise(abort, 'an assessment is filed with what it allows'); end
--;;
create trigger case_events_protects before insert on case_events when new.kind = 'assessed' and new.outcome = 'protected' and exists (select 1 from orders o
      where o.case_id = new.case_id and o.state = 'active') begin select raise(abort, 'journalism is protected: its orders are suspended first'); end
--;;
create trigger case_events_lets_go before insert on case_events when new.kind = 'assessed' and new.outcome = 'protected' and exists (select 1 from holds h
      where h.case_id = new.case_id and h.until_at > new.at and not exists (select 1 from hold_acts e
        where e.hold = h.id and e.act in ('released', 'expired'))) begin select raise(abort, 'an exclusion of the house protects: its holds are released first'); end
--;;
create trigger cases_pseudonym before insert on cases when substr(new.subject, 1, 8) = 'account:' and (length(new.subject) <> 40 or substr(new.subject, 1, 8) <> 'account:' or substr(new.subject, 9) glob '*[^0-9a-f]*') begin select raise(abort, 'an account is named by its pseudonym and nothing else'); end
--;;
create trigger cases_no_replace before insert on cases when exists (select 1 from cases where id is new.id) begin select raise(abort, 'cases: this key exists'); end
--;;
create trigger cases_no_delete before delete on cases when true begin select raise(abort, 'cases: nothing is deleted'); end
--;;
create trigger cases_opens_open before insert on cases when new.state is not 'open' or exists (select 1 from cases c where c.state = 'open' and c.subject = new.subject and c.provision = new.provision and c.laboratory = new.laboratory) begin select raise(abort, 'a case begins open, and once for a subject and provision'); end
--;;
create trigger cases_closes before update on cases when (new.id is not old.id or new.subject is not old.subject or new.jurisdiction is not old.jurisdiction or new.provision is not old.provision or new.opened_at is not old.opened_at or new.laboratory is not old.laboratory) or old.state is not 'open' or new.state is not 'closed' or new.closed_at is null or exists (select 1 from orders o where o.case_id = old.id and o.state in ('proposed', 'approved', 'active', 'suspended')) begin select raise(abort, 'a case can only be closed, and only without live orders'); end
--;;
create trigger cases_closed_by_somebody before update on cases when not exists (select 1 from case_events e where e.case_id = old.id and e.kind = 'closed' and e.at = new.closed_at) begin select raise(abort, 'a case is closed by an event that says who closed it'); end
--;;
create trigger cases_lets_go before update on cases when new.state = 'closed' and exists (select 1 from holds h where h.case_id = old.id
      and h.until_at > new.closed_at and not exists (select 1 from hold_acts e
        where e.hold = h.id and e.act in ('released', 'expired'))) begin select raise(abort, 'a payment of this case is still held: it is released first'); end
--;;
create trigger checkpoints_no_replace before insert on checkpoints when exists (select 1 from checkpoints where number is new.number) or exists (select 1 from checkpoints where size is new.size) or exists (select 1 from checkpoints where rowid is new.rowid) begin select raise(abort, 'checkpoints: this key exists'); end
--;;
create trigger checkpoints_no_delete before delete on checkpoints when true begin select raise(abort, 'checkpoints: nothing is deleted'); end
--;;
create trigger checkpoints_no_move before update on checkpoints when new.rowid is not old.rowid begin select raise(abort, 'checkpoints: a row keeps its number'); end
--;;
create trigger checkpoints_no_update before update on checkpoints when true begin select raise(abort, 'checkpoints is append-only'); end
--;;
create trigger checks_no_replace before insert on checks when exists (select 1 from checks where seq is new.seq) or exists (select 1 from checks where id is new.id) or exists (select 1 from checks where rowid is new.rowid) begin select raise(abort, 'checks: this key exists'); end
--;;
create trigger checks_no_delete before delete on checks when true begin select raise(abort, 'checks: nothing is deleted'); end
--;;
create trigger checks_no_move before update on checks when new.rowid is not old.rowid begin select raise(abort, 'checks: a row keeps its number'); end
--;;
create trigger checks_no_update before update on checks when true begin select raise(abort, 'checks is append-only'); end
--;;
create trigger cosignatures_no_replace before insert on cosignatures when exists (select 1 from cosignatures where number is new.number) or exists (select 1 from cosignatures where checkpoint is new.checkpoint and vkey is new.vkey) or exists (select 1 from cosignatures where rowid is new.rowid) begin select raise(abort, 'cosignatures: this key exists'); end
--;;
create trigger cosignatures_no_delete before delete on cosignatures when true begin select raise(abort, 'cosignatures: nothing is deleted'); end
--;;
create trigger cosignatures_no_move before update on cosignatures when new.rowid is not old.rowid begin select raise(abort, 'cosignatures: a row keeps its number'); end
--;;
create trigger cosignatures_no_update before update on cosignatures when true begin select raise(abort, 'cosignatures is append-only'); end
--;;
create trigger delivered_no_replace before insert on delivered when exists (select 1 from delivered where place is new.place and rule is new.rule and delivery is new.delivery) begin select raise(abort, 'delivered: this key exists'); end
--;;
create trigger delivered_no_delete before delete on delivered when true begin select raise(abort, 'delivered: nothing is deleted'); end
--;;
create trigger delivered_no_update before update on delivered when true begin select raise(abort, 'delivered is append-only'); end
--;;
create trigger delivered_by_a_delivery before insert on delivered when not exists (select 1 from deliveries d where d.id = new.delivery and d.seq = new.seq and d.place = new.place) begin select raise(abort, 'what stands at an owner was delivered there'); end
--;;
create trigger deliveries_no_replace before insert on deliveries when exists (select 1 from deliveries where seq is new.seq) or exists (select 1 from deliveries where id is new.id) or exists (select 1 from deliveries where rowid is new.rowid) begin select raise(abort, 'deliveries: this key exists'); end
--;;
create trigger deliveries_no_delete before delete on deliveries when true begin select raise(abort, 'deliveries: nothing is deleted'); end
--;;
create trigger deliveries_no_move before update on deliveries when new.rowid is not old.rowid begin select raise(abort, 'deliveries: a row keeps its number'); end
--;;
create trigger deliveries_no_update before update on deliveries when true begin select raise(abort, 'deliveries is append-only'); end
--;;
create trigger deliveries_agree_insert before insert on deliveries when not json_valid(cast(new.record as text)) or new.place is not json_extract(cast(new.record as text), '$.place') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.serial is not json_extract(cast(new.record as text), '$.serial') or new.orders is not json_extract(cast(new.record as text), '$.orders') or new.entries is not json_extract(cast(new.record as text), '$.entries') or new.through is not json_extract(cast(new.record as text), '$.through') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.at is not json_extract(cast(new.record as text), '$.at') or new.order_id is not json_extract(cast(new.record as text), '$.order') begin select raise(abort, 'deliveries: row and record differ'); end
--;;
create trigger deliveries_agree_update before update on deliveries when not json_valid(cast(new.record as text)) or new.place is not json_extract(cast(new.record as text), '$.place') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.serial is not json_extract(cast(new.record as text), '$.serial') or new.orders is not json_extract(cast(new.record as text), '$.orders') or new.entries is not json_extract(cast(new.record as text), '$.entries') or new.through is not json_extract(cast(new.record as text), '$.through') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.at is not json_extract(cast(new.record as text), '$.at') or new.order_id is not json_extract(cast(new.record as text), '$.order') begin select raise(abort, 'deliveries: row and record differ'); end
--;;
create trigger deliveries_of_an_order before insert on deliveries when new.kind is not 'reconciled' and not exists (select 1 from orders o where o.id = new.order_id and o.activated_at is not null and o.measure = 'block_access' and o.laboratory = new.laboratory) begin select raise(abort, 'what is delivered is an order that was in force'); end
--;;
create trigger duty_results_no_replace before insert on duty_results when exists (select 1 from duty_results where kind is new.kind and target is new.target and due is new.due) begin select raise(abort, 'duty_results: this key exists'); end
--;;
create trigger duty_results_no_delete before delete on duty_results when true begin select raise(abort, 'duty_results: nothing is deleted'); end
--;;
create trigger duty_results_no_update before update on duty_results when true begin select raise(abort, 'duty_results is append-only'); end
--;;
create trigger expectations_no_replace before insert on expectations when exists (select 1 from expectations where seq is new.seq) or exists (select 1 from expectations where id is new.id) or exists (select 1 from expectations where rowid is new.rowid) begin select raise(abort, 'expectations: this key exists'); end
--;;
create trigger expectations_no_delete before delete on expectations when true begin select raise(abort, 'expectations: nothing is deleted'); end
--;;
create trigger expectations_no_move before update on expectations when new.rowid is not old.rowid begin select raise(abort, 'expectations: a row keeps its number'); end
--;;
create trigger expectations_no_update before update on expectations when true begin select raise(abort, 'expectations is append-only'); end
--;;
create trigger findings_no_replace before insert on findings when exists (select 1 from findings where id is new.id) or exists (select 1 from findings where rowid is new.rowid) begin select raise(abort, 'findings: this key exists'); end
--;;
create trigger findings_no_delete before delete on findings when true begin select raise(abort, 'findings: nothing is deleted'); end
--;;
create trigger findings_no_move before update on findings when new.rowid is not old.rowid begin select raise(abort, 'findings: a row keeps its number'); end
--;;
create trigger findings_no_update before update on findings when true begin select raise(abort, 'findings is append-only'); end
--;;
create trigger findings_pseudonym before insert on findings when substr(new.subject, 1, 8) = 'account:' and (length(new.subject) <> 40 or substr(new.subject, 1, 8) <> 'account:' or substr(new.subject, 9) glob '*[^0-9a-f]*') begin select raise(abort, 'an account is named by its pseudonym and nothing else'); end
--;;
create trigger hold_acts_no_replace before insert on hold_acts when exists (select 1 from hold_acts where id is new.id) or exists (select 1 from hold_acts where hold is new.hold and act is new.act) begin select raise(abort, 'hold_acts: this key exists'); end
--;;
create trigger hold_acts_no_delete before delete on hold_acts when true begin select raise(abort, 'hold_acts: nothing is deleted'); end
--;;
create trigger hold_acts_no_update before update on hold_acts when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.hold is not old.hold or new.act is not old.act or new.actor is not old.actor or new.at is not old.at)), false) begin select raise(abort, 'hold_acts is append-only'); end
--;;
create trigger hold_acts_said before insert on hold_acts when coalesce(trim(new.hold), '') = '' or coalesce(trim(new.act), '') = '' or coalesce(trim(new.actor), '') = '' or coalesce(trim(new.at), '') = '' or coalesce(trim(new.reasons), '') = '' begin select raise(abort, 'hold_acts: something is left blank'); end
--;;
create trigger hold_acts_while_held before insert on hold_acts when coalesce(new.act, '') not in ('confirmed', 'released', 'expired')
      or exists (select 1 from hold_acts e where e.hold = new.hold and e.act in ('released', 'expired'))
      or not exists (select 1 from holds h where h.id = new.hold and h.began_at <= new.at
        and (new.act = 'expired') = (h.until_at <= new.at)) begin select raise(abort, 'what is over is not confirmed, released or ended again'); end
--;;
create trigger hold_acts_by_their_role before insert on hold_acts when coalesce(not ((new.act in ('released', 'expired') and new.actor = 'ringfence')
      or (new.act = 'confirmed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at)))
      or (new.act = 'released' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at)))), true) begin select raise(abort, 'this person holds no role for this act at that time'); end
--;;
create trigger hold_acts_agree_insert before insert on hold_acts when not json_valid(cast(new.record as text)) or new.hold is not json_extract(cast(new.record as text), '$.hold') or new.act is not json_extract(cast(new.record as text), '$.act') or new.actor is not json_extract(cast(new.record as text), '$.actor') or new.at is not json_extract(cast(new.record as text), '$.at') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') begin select raise(abort, 'hold_acts: row and record differ'); end
--;;
create trigger hold_acts_agree_update before update on hold_acts when not json_valid(cast(new.record as text)) or new.hold is not json_extract(cast(new.record as text), '$.hold') or new.act is not json_extract(cast(new.record as text), '$.act') or new.actor is not json_extract(cast(new.record as text), '$.actor') or new.at is not json_extract(cast(new.record as text), '$.at') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') begin select raise(abort, 'hold_acts: row and record differ'); end
--;;
create trigger hold_rule_acts_no_replace before insert on hold_rule_acts when exists (select 1 from hold_rule_acts where id is new.id) or exists (select 1 from hold_rule_acts where rule is new.rule and person is new.person and act is new.act) begin select raise(abort, 'hold_rule_acts: this key exists'); end
--;;
create trigger hold_rule_acts_no_delete before delete on hold_rule_acts when true begin select raise(abort, 'hold_rule_acts: nothing is deleted'); end
--;;
create trigger hold_rule_acts_no_update before update on hold_rule_acts when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.rule is not old.rule or new.act is not old.act or new.person is not old.person or new.at is not old.at)), false) begin select raise(abort, 'hold_rule_acts is append-only'); end
--;;
create trigger hold_rule_acts_said before insert on hold_rule_acts when coalesce(trim(new.rule), '') = '' or coalesce(trim(new.act), '') = '' or coalesce(trim(new.person), '') = '' or coalesce(trim(new.at), '') = '' begin select raise(abort, 'hold_rule_acts: something is left blank'); end
--;;
create trigger hold_rule_acts_of_a_rule before insert on hold_rule_acts when coalesce(new.act, '') not in ('approve', 'withdraw', 'end')
      or not exists (select 1 from hold_rules r where r.id = new.rule and r.proposed_at <= new.at
        and new.at < r.expires_at)
      or exists (select 1 from hold_rule_acts e where e.rule = new.rule and e.act = 'end')
      or (new.act = 'withdraw' and not exists (select 1 from hold_rule_acts a where a.rule = new.rule
        and a.person = new.person and a.act = 'approve')) begin select raise(abort, 'only a rule that stands is approved, withdrawn or ended'); end
--;;
create trigger hold_rule_acts_by_another before insert on hold_rule_acts when new.act <> 'end' and exists (select 1 from hold_rules r where r.id = new.rule
      and r.proposer = new.person) begin select raise(abort, 'no one approves their own proposal'); end
--;;
create trigger hold_rule_acts_by_their_role before insert on hold_rule_acts when (new.act <> 'end' and not exists (select 1 from roles r where r.person = new.person and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at)))
      or (new.act = 'end' and not exists (select 1 from roles r where r.person = new.person and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) begin select raise(abort, 'this person holds no role for this act at that time'); end
--;;
create trigger hold_rule_acts_agree_insert before insert on hold_rule_acts when not json_valid(cast(new.record as text)) or new.rule is not json_extract(cast(new.record as text), '$.rule') or new.act is not json_extract(cast(new.record as text), '$.act') or new.person is not json_extract(cast(new.record as text), '$.person') or new.at is not json_extract(cast(new.record as text), '$.at') or new.note is not json_extract(cast(new.record as text), '$.note') begin select raise(abort, 'hold_rule_acts: row and record differ'); end
--;;
create trigger hold_rule_acts_agree_update before update on hold_rule_acts when not json_valid(cast(new.record as text)) or new.rule is not json_extract(cast(new.record as text), '$.rule') or new.act is not json_extract(cast(new.record as text), '$.act') or new.person is not json_extract(cast(new.record as text), '$.person') or new.at is not json_extract(cast(new.record as text), '$.at') or new.note is not json_extract(cast(new.record as text), '$.note') begin select raise(abort, 'hold_rule_acts: row and record differ'); end
--;;
create trigger hold_rules_no_replace before insert on hold_rules when exists (select 1 from hold_rules where id is new.id) begin select raise(abort, 'hold_rules: this key exists'); end
--;;
create trigger hold_rules_no_delete before delete on hold_rules when true begin select raise(abort, 'hold_rules: nothing is deleted'); end
--;;
create trigger hold_rules_no_update before update on hold_rules when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.jurisdiction is not old.jurisdiction or new.legal_basis is not old.legal_basis or new.hours is not old.hours or new.law_hours is not old.law_hours or new.least_indicators is not old.least_indicators or new.proposer is not old.proposer or new.needed is not old.needed or new.proposed_at is not old.proposed_at or new.expires_at is not old.expires_at or new.laboratory is not old.laboratory)), false) begin select raise(abort, 'hold_rules is append-only'); end
--;;
create trigger hold_rules_said before insert on hold_rules when coalesce(trim(new.jurisdiction), '') = '' or coalesce(trim(new.legal_basis), '') = '' or coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.proposer), '') = '' or coalesce(trim(new.proposed_at), '') = '' or coalesce(trim(new.expires_at), '') = '' begin select raise(abort, 'hold_rules: something is left blank'); end
--;;
create trigger hold_rules_within_law before insert on hold_rules when coalesce(not (new.needed >= 1 and new.hours >= 1 and new.hours <= new.law_hours
      and new.least_indicators >= 2 and new.expires_at > new.proposed_at), true) begin select raise(abort, 'a hold ends within the law''s time, and needs another approver'); end
--;;
create trigger hold_rules_within_a_year before insert on hold_rules when coalesce(julianday(new.expires_at) > julianday(new.proposed_at) + 366.00000002,
          true) begin select raise(abort, 'a rule ends within a year'); end
--;;
create trigger hold_rules_by_an_analyst before insert on hold_rules when not exists (select 1 from roles r where r.person = new.proposer and r.role in ('analyst', 'approver') and r.since <= new.proposed_at and (r.until is null or r.until > new.proposed_at)) begin select raise(abort, 'the proposer is not an analyst or approver at that time'); end
--;;
create trigger hold_rules_agree_insert before insert on hold_rules when not json_valid(cast(new.record as text)) or new.jurisdiction is not json_extract(cast(new.record as text), '$.jurisdiction') or new.legal_basis is not json_extract(cast(new.record as text), '$.legal_basis') or new.hours is not json_extract(cast(new.record as text), '$.hours') or new.law_hours is not json_extract(cast(new.record as text), '$.law_hours') or new.least_indicators is not json_extract(cast(new.record as text), '$.least_indicators') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.proposer is not json_extract(cast(new.record as text), '$.proposer') or new.needed is not json_extract(cast(new.record as text), '$.needed') or new.proposed_at is not json_extract(cast(new.record as text), '$.proposed_at') or new.expires_at is not json_extract(cast(new.record as text), '$.expires_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') begin select raise(abort, 'hold_rules: row and record differ'); end
--;;
create trigger hold_rules_agree_update before update on hold_rules when not json_valid(cast(new.record as text)) or new.jurisdiction is not json_extract(cast(new.record as text), '$.jurisdiction') or new.legal_basis is not json_extract(cast(new.record as text), '$.legal_basis') or new.hours is not json_extract(cast(new.record as text), '$.hours') or new.law_hours is not json_extract(cast(new.record as text), '$.law_hours') or new.least_indicators is not json_extract(cast(new.record as text), '$.least_indicators') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.proposer is not json_extract(cast(new.record as text), '$.proposer') or new.needed is not json_extract(cast(new.record as text), '$.needed') or new.proposed_at is not json_extract(cast(new.record as text), '$.proposed_at') or new.expires_at is not json_extract(cast(new.record as text), '$.expires_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') begin select raise(abort, 'hold_rules: row and record differ'); end
--;;
create trigger holds_no_replace before insert on holds when exists (select 1 from holds where id is new.id) or exists (select 1 from holds where payment is new.payment and laboratory is new.laboratory) begin select raise(abort, 'holds: this key exists'); end
--;;
create trigger holds_no_delete before delete on holds when true begin select raise(abort, 'holds: nothing is deleted'); end
--;;
create trigger holds_no_update before update on holds when true begin select raise(abort, 'holds is append-only'); end
--;;
create trigger holds_said before insert on holds when coalesce(trim(new.rule), '') = '' or coalesce(trim(new.case_id), '') = '' or coalesce(trim(new.assessment), '') = '' or coalesce(trim(new.began_at), '') = '' or coalesce(trim(new.until_at), '') = '' begin select raise(abort, 'holds: something is left blank'); end
--;;
create trigger holds_pseudonym before insert on holds when (length(new.account) <> 40 or substr(new.account, 1, 8) <> 'account:' or substr(new.account, 9) glob '*[^0-9a-f]*') or (length(new.payment) <> 40 or substr(new.payment, 1, 8) <> 'payment:' or substr(new.payment, 9) glob '*[^0-9a-f]*') begin select raise(abort, 'an account and a payment are named by pseudonyms and nothing else'); end
--;;
create trigger holds_by_a_rule before insert on holds when not exists (select 1 from hold_rules r where r.id = new.rule and r.laboratory = new.laboratory
      and r.proposed_at <= new.began_at and new.began_at < r.expires_at
      and not exists (select 1 from hold_rule_acts e where e.rule = r.id and e.act = 'end')
      and (select count(distinct a.person) from hold_rule_acts a where a.rule = r.id and a.act = 'approve'
        and a.at <= new.began_at and a.person <> r.proposer
        and not exists (select 1 from hold_rule_acts w where w.rule = a.rule and w.person = a.person
          and w.act = 'withdraw')) >= r.needed) begin select raise(abort, 'a payment is held only by a rule that people approved and that stands'); end
--;;
create trigger holds_covered before insert on holds when not exists (select 1 from hold_rules r join cases c on c.id = new.case_id
  where r.id = new.rule and c.jurisdiction = r.jurisdiction and c.provision = json_extract(cast(r.record as text), '$.provision')
  and json_extract(cast(new.record as text), '$.grounds.score') >= json_extract(cast(r.record as text), '$.least_score') and (select count(distinct f.value) from json_each(cast(new.record as text), '$.grounds.typologies') f) >= r.least_indicators and json_array_length(cast(new.record as text), '$.grounds.transactions') > 0
  and exists (select 1 from json_each(cast(new.record as text), '$.grounds.typologies') f join json_each(cast(r.record as text), '$.typologies') n on f.value = n.value)) begin select raise(abort, 'the rule does not cover what is said of this account'); end
--;;
create trigger holds_time before insert on holds when not exists (select 1 from hold_rules r where r.id = new.rule and new.until_at > new.began_at
          and julianday(new.until_at) <= julianday(new.began_at) + r.hours / 24.0 + 0.00000002) begin select raise(abort, 'a hold ends by itself within the time of its rule'); end
--;;
create trigger holds_on_an_assessment before insert on holds when not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open'
      and c.subject = new.account and c.laboratory = new.laboratory)
      or coalesce((select l.outcome from case_events l where l.case_id = new.case_id
        and l.kind = 'assessed' and l.about = new.assessment and l.at <= new.began_at
        and l.seq = (select max(m.seq)
          from case_events m where m.case_id = new.case_id and m.kind = 'assessed')), '') <> 'actionable' begin select raise(abort, 'a hold rests on an assessment that is made out, with every exclusion found not to apply'); end
--;;
create trigger holds_agree_insert before insert on holds when not json_valid(cast(new.record as text)) or new.rule is not json_extract(cast(new.record as text), '$.rule') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.account is not json_extract(cast(new.record as text), '$.account') or new.payment is not json_extract(cast(new.record as text), '$.payment') or new.assessment is not json_extract(cast(new.record as text), '$.assessment') or new.began_at is not json_extract(cast(new.record as text), '$.began_at') or new.until_at is not json_extract(cast(new.record as text), '$.until_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') begin select raise(abort, 'holds: row and record differ'); end
--;;
create trigger holds_agree_update before update on holds when not json_valid(cast(new.record as text)) or new.rule is not json_extract(cast(new.record as text), '$.rule') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.account is not json_extract(cast(new.record as text), '$.account') or new.payment is not json_extract(cast(new.record as text), '$.payment') or new.assessment is not json_extract(cast(new.record as text), '$.assessment') or new.began_at is not json_extract(cast(new.record as text), '$.began_at') or new.until_at is not json_extract(cast(new.record as text), '$.until_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') begin select raise(abort, 'holds: row and record differ'); end
--;;
create trigger leaves_no_replace before insert on leaves when exists (select 1 from leaves where idx is new.idx) or exists (select 1 from leaves where rowid is new.rowid) begin select raise(abort, 'leaves: this key exists'); end
--;;
create trigger leaves_no_delete before delete on leaves when true begin select raise(abort, 'leaves: nothing is deleted'); end
--;;
create trigger leaves_no_move before update on leaves when new.rowid is not old.rowid begin select raise(abort, 'leaves: a row keeps its number'); end
--;;
create trigger leaves_no_update before update on leaves when true begin select raise(abort, 'leaves is append-only'); end
--;;
create trigger leaves_no_gap before insert on leaves when new.idx < 0 or (new.idx > 0 and not exists (select 1 from leaves where idx = new.idx - 1)) begin select raise(abort, 'leaves: the next index and no other'); end
--;;
create trigger log_keys_no_replace before insert on log_keys when exists (select 1 from log_keys where number is new.number) or exists (select 1 from log_keys where vkey is new.vkey) or exists (select 1 from log_keys where rowid is new.rowid) begin select raise(abort, 'log_keys: this key exists'); end
--;;
create trigger log_keys_no_delete before delete on log_keys when true begin select raise(abort, 'log_keys: nothing is deleted'); end
--;;
create trigger log_keys_no_move before update on log_keys when new.rowid is not old.rowid begin select raise(abort, 'log_keys: a row keeps its number'); end
--;;
create trigger log_keys_no_update before update on log_keys when true begin select raise(abort, 'log_keys is append-only'); end
--;;
create trigger notice_deferrals_no_replace before insert on notice_deferrals when exists (select 1 from notice_deferrals where id is new.id) begin select raise(abort, 'notice_deferrals: this key exists'); end
--;;
create trigger notice_deferrals_no_delete before delete on notice_deferrals when true begin select raise(abort, 'notice_deferrals: nothing is deleted'); end
--;;
create trigger notice_deferrals_no_update before update on notice_deferrals when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.order_id is not old.order_id or new.ground is not old.ground or new.decider is not old.decider or new.review_at is not old.review_at or new.at is not old.at)), false) begin select raise(abort, 'notice_deferrals is append-only'); end
--;;
create trigger notice_deferrals_said before insert on notice_deferrals when coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.ground), '') = '' or coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.decider), '') = '' or coalesce(trim(new.review_at), '') = '' or coalesce(trim(new.at), '') = '' begin select raise(abort, 'notice_deferrals: something is left blank'); end
--;;
create trigger notice_deferrals_by_law before insert on notice_deferrals when new.review_at <= new.at or not exists (select 1 from orders o where o.id = new.order_id
      and o.state in ('proposed', 'approved', 'active', 'suspended') and o.notice = 'deferred' and trim(o.notice_basis) <> ''
      and new.review_at <= o.expires_at) begin select raise(abort, 'notice is deferred only where a text says so, and not for good'); end
--;;
create trigger notice_deferrals_by_another before insert on notice_deferrals when not exists (select 1 from roles r where r.person = new.decider and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at)) or exists (select 1 from orders o
      where o.id = new.order_id and o.proposer = new.decider) begin select raise(abort, 'notice is deferred by an approver other than the proposer'); end
--;;
create trigger notice_deferrals_agree_insert before insert on notice_deferrals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.ground is not json_extract(cast(new.record as text), '$.ground') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.decider is not json_extract(cast(new.record as text), '$.decider') or new.review_at is not json_extract(cast(new.record as text), '$.review_at') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'notice_deferrals: row and record differ'); end
--;;
create trigger notice_deferrals_agree_update before update on notice_deferrals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.ground is not json_extract(cast(new.record as text), '$.ground') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.decider is not json_extract(cast(new.record as text), '$.decider') or new.review_at is not json_extract(cast(new.record as text), '$.review_at') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'notice_deferrals: row and record differ'); end
--;;
create trigger notice_deliveries_no_replace before insert on notice_deliveries when exists (select 1 from notice_deliveries where id is new.id) begin select raise(abort, 'notice_deliveries: this key exists'); end
--;;
create trigger notice_deliveries_no_delete before delete on notice_deliveries when true begin select raise(abort, 'notice_deliveries: nothing is deleted'); end
--;;
create trigger notice_deliveries_no_update before update on notice_deliveries when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.notice is not old.notice or new.order_id is not old.order_id or new.fate is not old.fate or new.channel is not old.channel or new.at is not old.at or new.by_whom is not old.by_whom)), false) begin select raise(abort, 'notice_deliveries is append-only'); end
--;;
create trigger notice_deliveries_said before insert on notice_deliveries when coalesce(trim(new.notice), '') = '' or coalesce(trim(new.fate), '') = '' or coalesce(trim(new.channel), '') = '' or coalesce(trim(new.at), '') = '' or coalesce(trim(new.by_whom), '') = '' begin select raise(abort, 'notice_deliveries: something is left blank'); end
--;;
create trigger notice_deliveries_of_a_notice before insert on notice_deliveries when coalesce(new.fate, '') not in ('sent', 'delivered', 'failed')
      or (new.fate = 'failed' and coalesce(trim(new.why), '') = '')
      or not exists (select 1 from notices n where n.id = new.notice and n.order_id = new.order_id
        and n.at <= new.at) begin select raise(abort, 'a delivery is of a notice, and says why where it failed'); end
--;;
create trigger notice_deliveries_by_the_desk before insert on notice_deliveries when new.by_whom <> 'ringfence' and not exists (select 1 from roles r where r.person = new.by_whom and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person delivers no notices at that time'); end
--;;
create trigger notice_deliveries_by_the_house before insert on notice_deliveries when new.by_whom = 'ringfence' and not exists (select 1 from case_events e where e.about = new.notice
      and e.kind = 'sending' and e.at <= new.at) begin select raise(abort, 'the house delivers only what it has begun to send'); end
--;;
create trigger notice_deliveries_agree_insert before insert on notice_deliveries when not json_valid(cast(new.record as text)) or new.notice is not json_extract(cast(new.record as text), '$.notice') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.fate is not json_extract(cast(new.record as text), '$.fate') or new.channel is not json_extract(cast(new.record as text), '$.channel') or new.why is not json_extract(cast(new.record as text), '$.why') or new.at is not json_extract(cast(new.record as text), '$.at') or new.by_whom is not json_extract(cast(new.record as text), '$.by') begin select raise(abort, 'notice_deliveries: row and record differ'); end
--;;
create trigger notice_deliveries_agree_update before update on notice_deliveries when not json_valid(cast(new.record as text)) or new.notice is not json_extract(cast(new.record as text), '$.notice') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.fate is not json_extract(cast(new.record as text), '$.fate') or new.channel is not json_extract(cast(new.record as text), '$.channel') or new.why is not json_extract(cast(new.record as text), '$.why') or new.at is not json_extract(cast(new.record as text), '$.at') or new.by_whom is not json_extract(cast(new.record as text), '$.by') begin select raise(abort, 'notice_deliveries: row and record differ'); end
--;;
create trigger notices_no_replace before insert on notices when exists (select 1 from notices where id is new.id) begin select raise(abort, 'notices: this key exists'); end
--;;
create trigger notices_no_delete before delete on notices when true begin select raise(abort, 'notices: nothing is deleted'); end
--;;
create trigger notices_no_update before update on notices when not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.order_id is not old.order_id or new.language is not old.language or new.timing is not old.timing or new.at is not old.at or new.by_whom is not old.by_whom or new.reply_until is not old.reply_until or new.due_at is not old.due_at)), false) begin select raise(abort, 'notices is append-only'); end
--;;
create trigger notices_said before insert on notices when coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.recipient), '') = '' or coalesce(trim(new.language), '') = '' or coalesce(trim(new.text), '') = '' or coalesce(trim(new.timing), '') = '' or coalesce(trim(new.at), '') = '' or coalesce(trim(new.by_whom), '') = '' begin select raise(abort, 'notices: something is left blank'); end
--;;
create trigger notices_of_a_live_order before insert on notices when coalesce(new.timing, '') not in ('before', 'after')
      or not exists (select 1 from orders o where o.id = new.order_id and o.state in ('proposed', 'approved', 'active', 'suspended')
        and o.proposed_at <= new.at) begin select raise(abort, 'a notice is of a live order, and not of another time'); end
--;;
create trigger notices_by_the_desk before insert on notices when new.by_whom <> 'ringfence' and not exists (select 1 from roles r where r.person = new.by_whom and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person gives no notices at that time'); end
--;;
create trigger notices_window before insert on notices when (new.timing = 'before' and coalesce(new.reply_until, '') <= new.at) or (new.timing = 'after' and coalesce(new.due_at, '') < new.at) begin select raise(abort, 'a notice before the measure gives time to reply; one after is due'); end
--;;
create trigger notices_agree_insert before insert on notices when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.recipient is not json_extract(cast(new.record as text), '$.recipient') or new.language is not json_extract(cast(new.record as text), '$.language') or new.text is not json_extract(cast(new.record as text), '$.text') or new.timing is not json_extract(cast(new.record as text), '$.when') or new.at is not json_extract(cast(new.record as text), '$.at') or new.by_whom is not json_extract(cast(new.record as text), '$.by') or new.reply_until is not json_extract(cast(new.record as text), '$.reply_until') or new.due_at is not json_extract(cast(new.record as text), '$.due_at') begin select raise(abort, 'notices: row and record differ'); end
--;;
create trigger notices_agree_update before update on notices when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.recipient is not json_extract(cast(new.record as text), '$.recipient') or new.language is not json_extract(cast(new.record as text), '$.language') or new.text is not json_extract(cast(new.record as text), '$.text') or new.timing is not json_extract(cast(new.record as text), '$.when') or new.at is not json_extract(cast(new.record as text), '$.at') or new.by_whom is not json_extract(cast(new.record as text), '$.by') or new.reply_until is not json_extract(cast(new.record as text), '$.reply_until') or new.due_at is not json_extract(cast(new.record as text), '$.due_at') begin select raise(abort, 'notices: row and record differ'); end
--;;
create trigger observations_no_replace before insert on observations when exists (select 1 from observations where id is new.id) or exists (select 1 from observations where rowid is new.rowid) begin select raise(abort, 'observations: this key exists'); end
--;;
create trigger observations_no_delete before delete on observations when true begin select raise(abort, 'observations: nothing is deleted'); end
--;;
create trigger observations_no_move before update on observations when new.rowid is not old.rowid begin select raise(abort, 'observations: a row keeps its number'); end
--;;
create trigger observations_no_update before update on observations when true begin select raise(abort, 'observations is append-only'); end
--;;
create trigger orders_pseudonym before insert on orders when substr(new.subject, 1, 8) = 'account:' and (length(new.subject) <> 40 or substr(new.subject, 1, 8) <> 'account:' or substr(new.subject, 9) glob '*[^0-9a-f]*') begin select raise(abort, 'an account is named by its pseudonym and nothing else'); end
--;;
create trigger orders_no_replace before insert on orders when exists (select 1 from orders where id is new.id) begin select raise(abort, 'orders: this key exists'); end
--;;
create trigger orders_no_delete before delete on orders when true begin select raise(abort, 'orders: nothing is deleted'); end
--;;
create trigger orders_begin_proposed before insert on orders when new.state is not 'proposed' or new.activated_at is not null or new.ended_at is not null or new.moved_at <> new.proposed_at begin select raise(abort, 'an order begins as proposed'); end
--;;
create trigger orders_need_another before insert on orders when typeof(new.needed) is not 'integer' or new.needed < 1 begin select raise(abort, 'an order needs at least one approver besides its proposer'); end
--;;
create trigger orders_complete before insert on orders when coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.legal_basis), '') = '' or coalesce(trim(new.authority), '') = '' or coalesce(trim(new.appeal), '') = '' or coalesce(trim(new.notice), '') = '' or coalesce(trim(new.expires_at), '') = '' or coalesce(trim(new.proposed_at), '') = '' or new.expires_at <= new.proposed_at begin select raise(abort, 'an order needs reasons, legal basis, appeal, notice and expiry'); end
--;;
create trigger orders_by_an_analyst before insert on orders when not exists (select 1 from roles r where r.person = new.proposer and r.role in ('analyst', 'approver') and r.since <= new.proposed_at and (r.until is null or r.until > new.proposed_at)) begin select raise(abort, 'the proposer is not an analyst or approver at that time'); end
--;;
create trigger orders_in_an_open_case before insert on orders when not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open' and c.subject = new.subject and c.laboratory = new.laboratory) begin select raise(abort, 'an order belongs to an open case of the same subject'); end
--;;
create trigger orders_override before insert on orders when not json_valid(new.overrides) or exists (select 1 from json_each(new.overrides) o where
        case when o.type is not 'object' then 1 else
        coalesce(json_extract(o.value, '$.reason'), '') not in ('protected.popular', 'protected.price_data', 'others.host_of_another_subject', 'others.wildcard_covers_another_subject')
        or length(trim(coalesce(json_extract(o.value, '$.ground'), ''))) < 20 end) begin select raise(abort, 'this reason of the guard cannot be overridden, or not without a ground'); end
--;;
create trigger orders_renews_one_before before insert on orders when new.renews is not null and not exists (select 1 from orders o where o.id = new.renews and o.subject = new.subject and o.laboratory = new.laboratory) begin select raise(abort, 'a renewal refers to an order of the same subject'); end
--;;
create trigger orders_on_an_assessment before insert on orders when not exists (select 1 from case_events e where e.case_id = new.case_id and e.kind = 'assessed'
  and e.about = new.assessment and e.outcome = 'actionable') begin select raise(abort, 'an order rests on an assessment that is made out, with every exclusion found not to apply'); end
--;;
create trigger orders_still_made_out before update on orders when new.state in ('approved', 'active') and (not exists (select 1 from case_events e where e.case_id = new.case_id and e.kind = 'assessed'
  and e.about = new.assessment and e.outcome = 'actionable') or not (coalesce((select l.outcome from case_events l where l.case_id = new.case_id
  and l.kind = 'assessed' order by l.seq desc limit 1), '') = 'actionable')) begin select raise(abort, 'the latest assessment of the case is none to act on, or journalism is not ruled out'); end
--;;
create trigger orders_move before update on orders when ((new.id is not old.id or new.case_id is not old.case_id or new.subject is not old.subject or new.host is not old.host or new.subdomains is not old.subdomains or new.addresses is not old.addresses or new.overrides is not old.overrides or new.assessment is not old.assessment or new.measure is not old.measure or new.legal_basis is not old.legal_basis or new.reasons is not old.reasons or new.authority is not old.authority or new.addressee is not old.addressee or new.notice is not old.notice or new.notice_basis is not old.notice_basis or new.reply_days is not old.reply_days or new.urgency is not old.urgency or new.urgency_reasons is not old.urgency_reasons or new.renews is not old.renews or new.appeal is not old.appeal or new.policy is not old.policy or new.proposer is not old.proposer or new.needed is not old.needed or new.proposed_at is not old.proposed_at or new.expires_at is not old.expires_at or new.review_at is not old.review_at or new.laboratory is not old.laboratory) or coalesce(new.moved_at < old.moved_at, true) or coalesce(not ((old.state = 'proposed' and new.state = 'approved' and new.activated_at is null
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
      and new.ended_at = new.moved_at and new.ended_at >= old.expires_at)), true)) and not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = cast(new.record as text)) and not (new.id is not old.id or new.case_id is not old.case_id or new.subject is not old.subject or new.host is not old.host or new.subdomains is not old.subdomains or new.addresses is not old.addresses or new.overrides is not old.overrides or new.assessment is not old.assessment or new.measure is not old.measure or new.legal_basis is not old.legal_basis or new.authority is not old.authority or new.addressee is not old.addressee or new.notice is not old.notice or new.notice_basis is not old.notice_basis or new.reply_days is not old.reply_days or new.urgency is not old.urgency or new.urgency_reasons is not old.urgency_reasons or new.renews is not old.renews or new.appeal is not old.appeal or new.policy is not old.policy or new.state is not old.state or new.proposer is not old.proposer or new.needed is not old.needed or new.proposed_at is not old.proposed_at or new.activated_at is not old.activated_at or new.moved_at is not old.moved_at or new.ended_at is not old.ended_at or new.expires_at is not old.expires_at or new.review_at is not old.review_at or new.laboratory is not old.laboratory)), false) begin select raise(abort, 'an order changes only by an allowed move of its state'); end
--;;
create trigger orders_told before update on orders when not exists (select 1 from case_events e where e.order_id = old.id and e.at = new.moved_at
      and e.kind = case when new.state = 'approved' then 'decided' when new.state = 'active' then
  case when old.state = 'suspended' then 'resumed' else 'activated' end else new.state end and (new.state <> 'active' or e.actor <> old.proposer)) begin select raise(abort, 'every move of an order is told by an event of that time'); end
--;;
create trigger orders_four_eyes before update on orders when new.state in ('approved', 'active') and coalesce((select count(distinct a.approver) from approvals a
      where a.order_id = old.id and a.act = 'approve' and a.approver <> old.proposer
      and not exists (select 1 from approvals w where w.order_id = a.order_id
        and w.approver = a.approver and w.act = 'withdraw')) < old.needed, true) begin select raise(abort, 'an order becomes active only with its approvals'); end
--;;
create trigger orders_agree_insert before insert on orders when not json_valid(cast(new.record as text)) or new.id is not json_extract(cast(new.record as text), '$.id') or new.subject is not json_extract(cast(new.record as text), '$.subject') or new.assessment is not json_extract(cast(new.record as text), '$.assessment') or new.measure is not json_extract(cast(new.record as text), '$.measure') or new.legal_basis is not json_extract(cast(new.record as text), '$.legal_basis') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.authority is not json_extract(cast(new.record as text), '$.authority') or new.addressee is not json_extract(cast(new.record as text), '$.addressee') or new.notice is not json_extract(cast(new.record as text), '$.notice') or new.notice_basis is not json_extract(cast(new.record as text), '$.notice_basis') or new.reply_days is not json_extract(cast(new.record as text), '$.reply_days') or new.urgency is not json_extract(cast(new.record as text), '$.urgency') or new.urgency_reasons is not json_extract(cast(new.record as text), '$.urgency_reasons') or new.renews is not json_extract(cast(new.record as text), '$.renews') or new.policy is not json_extract(cast(new.record as text), '$.policy') or new.state is not json_extract(cast(new.record as text), '$.state') or new.proposer is not json_extract(cast(new.record as text), '$.proposer') or new.needed is not json_extract(cast(new.record as text), '$.needed') or new.proposed_at is not json_extract(cast(new.record as text), '$.proposed_at') or new.activated_at is not json_extract(cast(new.record as text), '$.activated_at') or new.moved_at is not json_extract(cast(new.record as text), '$.moved_at') or new.ended_at is not json_extract(cast(new.record as text), '$.ended_at') or new.expires_at is not json_extract(cast(new.record as text), '$.expires_at') or new.review_at is not json_extract(cast(new.record as text), '$.review_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.host is not json_extract(cast(new.record as text), '$.scope.host') or new.subdomains is not json_extract(cast(new.record as text), '$.scope.subdomains') or new.addresses is not json_extract(cast(new.record as text), '$.scope.addresses') or new.overrides is not json_extract(cast(new.record as text), '$.overrides') begin select raise(abort, 'orders: row and record differ'); end
--;;
create trigger orders_agree_update before update on orders when not json_valid(cast(new.record as text)) or new.id is not json_extract(cast(new.record as text), '$.id') or new.subject is not json_extract(cast(new.record as text), '$.subject') or new.assessment is not json_extract(cast(new.record as text), '$.assessment') or new.measure is not json_extract(cast(new.record as text), '$.measure') or new.legal_basis is not json_extract(cast(new.record as text), '$.legal_basis') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.authority is not json_extract(cast(new.record as text), '$.authority') or new.addressee is not json_extract(cast(new.record as text), '$.addressee') or new.notice is not json_extract(cast(new.record as text), '$.notice') or new.notice_basis is not json_extract(cast(new.record as text), '$.notice_basis') or new.reply_days is not json_extract(cast(new.record as text), '$.reply_days') or new.urgency is not json_extract(cast(new.record as text), '$.urgency') or new.urgency_reasons is not json_extract(cast(new.record as text), '$.urgency_reasons') or new.renews is not json_extract(cast(new.record as text), '$.renews') or new.policy is not json_extract(cast(new.record as text), '$.policy') or new.state is not json_extract(cast(new.record as text), '$.state') or new.proposer is not json_extract(cast(new.record as text), '$.proposer') or new.needed is not json_extract(cast(new.record as text), '$.needed') or new.proposed_at is not json_extract(cast(new.record as text), '$.proposed_at') or new.activated_at is not json_extract(cast(new.record as text), '$.activated_at') or new.moved_at is not json_extract(cast(new.record as text), '$.moved_at') or new.ended_at is not json_extract(cast(new.record as text), '$.ended_at') or new.expires_at is not json_extract(cast(new.record as text), '$.expires_at') or new.review_at is not json_extract(cast(new.record as text), '$.review_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.host is not json_extract(cast(new.record as text), '$.scope.host') or new.subdomains is not json_extract(cast(new.record as text), '$.scope.subdomains') or new.addresses is not json_extract(cast(new.record as text), '$.scope.addresses') or new.overrides is not json_extract(cast(new.record as text), '$.overrides') begin select raise(abort, 'orders: row and record differ'); end
--;;
create trigger orders_heard before update on orders when new.state = 'active' and not coalesce(((old.notice = 'none' and trim(old.notice_basis) <> '')
  or (old.notice = 'after' and exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at))
  or (old.notice = 'before' and exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at and n.timing = 'before' and n.reply_until <= new.moved_at
      and exists (select 1 from notice_deliveries d where d.notice = n.id and julianday(d.at) + old.reply_days <= julianday(new.moved_at) + 0.00000002)))
  or (old.notice = 'before' and trim(old.urgency) <> '' and trim(old.urgency_reasons) <> ''
    and exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at))
  or (old.notice = 'deferred' and trim(old.notice_basis) <> '' and exists (select 1
    from notice_deferrals f where f.order_id = old.id and f.at <= new.moved_at
    and (f.review_at > new.moved_at or exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at))))), false) begin select raise(abort, 'an order becomes active only with its notice given and the time to reply over, or lawfully without'); end
--;;
create trigger orders_reply_considered before update on orders when new.state = 'active' and exists (select 1 from case_events r where r.order_id = old.id
      and r.kind = 'replied' and not exists (select 1 from case_events c where c.order_id = old.id
        and c.kind = 'considered' and c.about = r.id)) begin select raise(abort, 'a reply was given and nobody has considered it'); end
--;;
create trigger orders_not_after_partly before update on orders when new.state = 'active' and exists (select 1 from appeal_rulings r where r.order_id = old.id
      and r.outcome <> 'dismissed') begin select raise(abort, 'an appeal succeeded in part: only a new, narrower order may follow'); end
--;;
create trigger orders_smallest before insert on orders when (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.contact')), '') = '') or (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.ask_geoblock')), '') = '') or (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.warn_public')), '') = '') or (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.ask_host_registrar')), '') = '') or (new.measure in ('limit_receiving', 'refuse_transactions', 'exit_relationship') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.warn_payers')), '') = '') or (new.measure in ('refuse_transactions', 'exit_relationship') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.limit_receiving')), '') = '') or (new.measure in ('exit_relationship') and coalesce(trim(json_extract(cast(new.record as text), '$.why_not_smaller.refuse_transactions')), '') = '') begin select raise(abort, 'an order says why no smaller measure does'); end
--;;
create trigger orders_within_a_year before insert on orders when coalesce(not (julianday(new.expires_at) <= julianday(new.proposed_at) + 366.00000002
          and new.review_at > new.proposed_at and new.review_at <= new.expires_at), true) begin select raise(abort, 'an order ends within a year, and is looked at again before'); end
--;;
create trigger people_no_replace before insert on people when exists (select 1 from people where id is new.id) begin select raise(abort, 'people: this key exists'); end
--;;
create trigger people_no_delete before delete on people when true begin select raise(abort, 'people: nothing is deleted'); end
--;;
create trigger people_no_update before update on people when true begin select raise(abort, 'people is append-only'); end
--;;
create trigger redactions_no_replace before insert on redactions when exists (select 1 from redactions where id is new.id) begin select raise(abort, 'redactions: this key exists'); end
--;;
create trigger redactions_no_delete before delete on redactions when true begin select raise(abort, 'redactions: nothing is deleted'); end
--;;
create trigger redactions_no_update before update on redactions when true begin select raise(abort, 'redactions is append-only'); end
--;;
create trigger redactions_agree_insert before insert on redactions when not json_valid(cast(new.record as text)) or new.act is not json_extract(cast(new.record as text), '$.act') or new.blob is not json_extract(cast(new.record as text), '$.blob') or new.scope is not json_extract(cast(new.record as text), '$.scope') or new.row_id is not json_extract(cast(new.record as text), '$.row') or new.remainder is not json_extract(cast(new.record as text), '$.remainder') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.standing is not json_extract(cast(new.record as text), '$.standing') or new.person is not json_extract(cast(new.record as text), '$.person') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'redactions: row and record differ'); end
--;;
create trigger redactions_agree_update before update on redactions when not json_valid(cast(new.record as text)) or new.act is not json_extract(cast(new.record as text), '$.act') or new.blob is not json_extract(cast(new.record as text), '$.blob') or new.scope is not json_extract(cast(new.record as text), '$.scope') or new.row_id is not json_extract(cast(new.record as text), '$.row') or new.remainder is not json_extract(cast(new.record as text), '$.remainder') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.standing is not json_extract(cast(new.record as text), '$.standing') or new.person is not json_extract(cast(new.record as text), '$.person') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'redactions: row and record differ'); end
--;;
create trigger redactions_of_three_kinds before insert on redactions when coalesce(new.act, '') not in ('erase', 'hold', 'release') or coalesce(trim(new.person), '') = ''
      or case when new.blob is null then 0 else 1 end + case when new.scope is null then 0 else 1 end
        + case when new.row_id is null then 0 else 1 end <> 1
      or (new.blob is null) = (new.case_id is null)
      or (new.act = 'erase' and new.scope is not null)
      or (new.remainder is null) = (new.act = 'erase' and new.row_id is not null)
      or (new.standing is not null and (new.act <> 'erase' or new.blob is null)) begin select raise(abort, 'a person erases, holds or releases'); end
--;;
create trigger redactions_held before insert on redactions when new.act = 'erase' and (select count(*) from redactions r where r.blob is new.blob and r.scope is new.scope
  and r.row_id is new.row_id and r.act = 'hold') > (select count(*) from redactions r where r.blob is new.blob and r.scope is new.scope
  and r.row_id is new.row_id and r.act = 'release') begin select raise(abort, 'a legal hold forbids this erasure'); end
--;;
create trigger redactions_release_a_hold before insert on redactions when new.act = 'release' and (select count(*) from redactions r where r.blob is new.blob and r.scope is new.scope
  and r.row_id is new.row_id and r.act = 'hold') <= (select count(*) from redactions r where r.blob is new.blob and r.scope is new.scope
  and r.row_id is new.row_id and r.act = 'release') begin select raise(abort, 'there is no hold to release'); end
--;;
create trigger redactions_by_standing_order before insert on redactions when new.standing is not null and not exists (select 1 from retention_orders o where o.id = new.standing
      and o.act = 'order' and o.person = new.person and o.at <= new.at and o.until > new.at
      and not exists (select 1 from retention_orders e where e.about = o.id and e.act = 'end')) begin select raise(abort, 'no retention order in force orders this erasure'); end
--;;
create trigger redactions_by_an_administrator before insert on redactions when new.standing is null and not exists (select 1 from roles r where r.person = new.person and r.role in ('administrator') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person is not an administrator at that time'); end
--;;
create trigger redactions_of_a_case before insert on redactions when new.scope is not null and not (new.scope = new.case_id and exists (select 1 from cases c
      where c.id = new.scope)) and not exists (select 1 from orders o where o.id = new.scope
      and o.case_id = new.case_id) begin select raise(abort, 'a hold is on a blob, or on a case or an order in it'); end
--;;
create trigger redactions_words_of_a_case before insert on redactions when new.row_id is not null and not (exists (select 1 from case_events e where e.id = new.row_id and e.case_id = new.case_id)
  or exists (select 1 from orders o where o.id = new.row_id and o.case_id = new.case_id)
  or exists (select 1 from approvals a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from notices a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from notice_deliveries a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from notice_deferrals a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from appeals a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from appeal_rulings a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id)) begin select raise(abort, 'the record is not of this case'); end
--;;
create trigger redactions_held_by_case before insert on redactions when new.act = 'erase' and (exists (select 1 from observations o join cases c on c.subject = o.subject where o.capture = new.blob and exists (select 1 from redactions h where h.case_id = c.id and h.scope is not null
  and h.act = 'hold' and (select count(*) from redactions a where a.scope = h.scope and a.act = 'hold') > (select count(*) from redactions a where a.scope = h.scope and a.act = 'release'))) or exists (select 1 from cases c where c.id = new.case_id and exists (select 1 from redactions h where h.case_id = c.id and h.scope is not null
  and h.act = 'hold' and (select count(*) from redactions a where a.scope = h.scope and a.act = 'hold') > (select count(*) from redactions a where a.scope = h.scope and a.act = 'release')))) begin select raise(abort, 'a legal hold forbids this erasure: it is on a case'); end
--;;
create trigger redactions_needed before insert on redactions when new.act = 'erase' and (exists (select 1 from observations o join cases c on c.subject = o.subject where o.capture = new.blob and (c.state = 'open' or exists (select 1 from orders r where r.case_id = c.id
  and (r.state in ('proposed', 'approved', 'active', 'suspended') or exists (select 1 from appeals p where p.order_id = r.id
    and not exists (select 1 from appeal_rulings d where d.appeal = p.id)))))) or exists (select 1 from cases c where c.id = new.case_id and (c.state = 'open' or exists (select 1 from orders r where r.case_id = c.id
  and (r.state in ('proposed', 'approved', 'active', 'suspended') or exists (select 1 from appeals p where p.order_id = r.id
    and not exists (select 1 from appeal_rulings d where d.appeal = p.id))))))) begin select raise(abort, 'an open case or a live order rests on this'); end
--;;
create trigger retention_orders_no_replace before insert on retention_orders when exists (select 1 from retention_orders where id is new.id) begin select raise(abort, 'retention_orders: this key exists'); end
--;;
create trigger retention_orders_no_delete before delete on retention_orders when true begin select raise(abort, 'retention_orders: nothing is deleted'); end
--;;
create trigger retention_orders_no_update before update on retention_orders when true begin select raise(abort, 'retention_orders is append-only'); end
--;;
create trigger retention_orders_agree_insert before insert on retention_orders when not json_valid(cast(new.record as text)) or new.act is not json_extract(cast(new.record as text), '$.act') or new.about is not json_extract(cast(new.record as text), '$.about') or new.pack is not json_extract(cast(new.record as text), '$.pack') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.person is not json_extract(cast(new.record as text), '$.person') or new.at is not json_extract(cast(new.record as text), '$.at') or new.until is not json_extract(cast(new.record as text), '$.until') begin select raise(abort, 'retention_orders: row and record differ'); end
--;;
create trigger retention_orders_agree_update before update on retention_orders when not json_valid(cast(new.record as text)) or new.act is not json_extract(cast(new.record as text), '$.act') or new.about is not json_extract(cast(new.record as text), '$.about') or new.pack is not json_extract(cast(new.record as text), '$.pack') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.person is not json_extract(cast(new.record as text), '$.person') or new.at is not json_extract(cast(new.record as text), '$.at') or new.until is not json_extract(cast(new.record as text), '$.until') begin select raise(abort, 'retention_orders: row and record differ'); end
--;;
create trigger retention_orders_of_two_kinds before insert on retention_orders when coalesce(new.act, '') not in ('order', 'end') or coalesce(trim(new.person), '') = ''
      or (new.act = 'order' and (new.about is not null or new.until <= new.at)) begin select raise(abort, 'a person orders until a later day, or ends an order'); end
--;;
create trigger retention_orders_ends_once before insert on retention_orders when new.act = 'end' and (not exists (select 1 from retention_orders o where o.id = new.about
      and o.act = 'order' and o.at <= new.at)
      or exists (select 1 from retention_orders e where e.about = new.about and e.act = 'end')) begin select raise(abort, 'there is no such order to end'); end
--;;
create trigger retention_orders_by_an_administrator before insert on retention_orders when true and not exists (select 1 from roles r where r.person = new.person and r.role in ('administrator') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person is not an administrator at that time'); end
--;;
create trigger roles_no_replace before insert on roles when exists (select 1 from roles where id is new.id) begin select raise(abort, 'roles: this key exists'); end
--;;
create trigger roles_no_delete before delete on roles when true begin select raise(abort, 'roles: nothing is deleted'); end
--;;
create trigger roles_ends_once before update on roles when (new.id is not old.id or new.person is not old.person or new.role is not old.role or new.since is not old.since or new.granted_by is not old.granted_by) or old.until is not null or new.until is null or new.ended_by is null or new.until < old.since begin select raise(abort, 'a role can only be ended, once, and not before it began'); end
--;;
create trigger roles_of_a_person before insert on roles when not exists (select 1 from people p where p.id = new.person) begin select raise(abort, 'a role belongs to a person on the list'); end
--;;
create trigger roles_apart before insert on roles when exists (select 1 from roles r where r.person = new.person and r.role <> new.role
      and (r.until is null or r.until > new.since)
      and (new.role in ('auditor', 'administrator') or r.role in ('auditor', 'administrator'))) begin select raise(abort, 'an auditor or administrator holds no other role at the same time'); end
--;;
create trigger roles_by_an_administrator before insert on roles when exists (select 1 from roles f where f.role = 'administrator') and not exists (select 1 from roles r where r.person = new.granted_by and r.role in ('administrator') and r.since <= new.since and (r.until is null or r.until > new.since)) begin select raise(abort, 'only an administrator grants roles'); end
--;;
create trigger roles_ended_by_an_administrator before update on roles when exists (select 1 from roles f where f.role = 'administrator') and not exists (select 1 from roles r where r.person = new.ended_by and r.role in ('administrator') and r.since <= new.until and (r.until is null or r.until > new.until)) begin select raise(abort, 'only an administrator ends roles'); end
--;;
create trigger roles_keep_an_administrator before update on roles when old.role = 'administrator' and not exists (select 1 from roles r where r.role = 'administrator'
      and r.id <> old.id and r.since <= new.until and r.until is null) begin select raise(abort, 'the last administrator stays'); end
--;;
create trigger subject_versions_no_replace before insert on subject_versions when exists (select 1 from subject_versions where key is new.key) or exists (select 1 from subject_versions where rowid is new.rowid) begin select raise(abort, 'subject_versions: this key exists'); end
--;;
create trigger subject_versions_no_delete before delete on subject_versions when true begin select raise(abort, 'subject_versions: nothing is deleted'); end
--;;
create trigger subject_versions_no_move before update on subject_versions when new.rowid is not old.rowid begin select raise(abort, 'subject_versions: a row keeps its number'); end
--;;
create trigger subject_versions_no_update before update on subject_versions when true begin select raise(abort, 'subject_versions is append-only'); end
--;;
create trigger timestamps_no_replace before insert on timestamps when exists (select 1 from timestamps where number is new.number) or exists (select 1 from timestamps where rowid is new.rowid) begin select raise(abort, 'timestamps: this key exists'); end
--;;
create trigger timestamps_no_delete before delete on timestamps when true begin select raise(abort, 'timestamps: nothing is deleted'); end
--;;
create trigger timestamps_no_move before update on timestamps when new.rowid is not old.rowid begin select raise(abort, 'timestamps: a row keeps its number'); end
--;;
create trigger timestamps_no_update before update on timestamps when true begin select raise(abort, 'timestamps is append-only'); end
