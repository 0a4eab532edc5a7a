create or replace function ringfence_record(record bytea) returns jsonb language plpgsql immutable set search_path = pg_catalog as $$ begin return convert_from(record, 'UTF8')::jsonb; exception when others then return null; end $$
--;;
CREATE TABLE appeal_rulings (
	id VARCHAR COLLATE "C" NOT NULL, 
	appeal VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	decider VARCHAR COLLATE "C" NOT NULL, 
	outcome VARCHAR COLLATE "C" NOT NULL, 
	reasons TEXT COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (outcome in ('upheld', 'dismissed', 'partly')), 
	UNIQUE (appeal)
)
--;;
CREATE INDEX appeal_rulings_by_order ON appeal_rulings (order_id)
--;;
CREATE TABLE appeals (
	id VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	appellant TEXT COLLATE "C" NOT NULL, 
	grounds TEXT COLLATE "C" NOT NULL, 
	filed_at VARCHAR COLLATE "C" NOT NULL, 
	by_whom VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX appeals_by_order ON appeals (order_id)
--;;
CREATE TABLE approvals (
	id VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	approver VARCHAR COLLATE "C" NOT NULL, 
	act VARCHAR COLLATE "C" DEFAULT 'approve' NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (act in ('approve', 'withdraw')), 
	UNIQUE (order_id, approver, act)
)
--;;
CREATE INDEX approvals_by_day ON approvals (approver, at)
--;;
CREATE TABLE artefact_orders (
	artefact VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (artefact, order_id)
)
--;;
CREATE TABLE artefacts (
	seq SERIAL NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	target VARCHAR COLLATE "C" NOT NULL, 
	serial BIGINT NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	made_at VARCHAR COLLATE "C" NOT NULL, 
	content_digest VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	content BYTEA NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
)
--;;
CREATE INDEX artefacts_by_target ON artefacts (target, laboratory, seq)
--;;
CREATE TABLE assessments (
	id VARCHAR COLLATE "C" NOT NULL, 
	subject VARCHAR COLLATE "C" NOT NULL, 
	provision VARCHAR COLLATE "C" NOT NULL, 
	state VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX ix_assessments_subject ON assessments (subject)
--;;
CREATE TABLE case_events (
	seq SERIAL NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	case_id VARCHAR COLLATE "C", 
	order_id VARCHAR COLLATE "C", 
	kind VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	actor VARCHAR COLLATE "C" NOT NULL, 
	about VARCHAR COLLATE "C", 
	outcome VARCHAR COLLATE "C", 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
)
--;;
CREATE INDEX case_events_by_about ON case_events (about)
--;;
CREATE INDEX case_events_by_case ON case_events (case_id)
--;;
CREATE INDEX case_events_by_order ON case_events (order_id)
--;;
CREATE TABLE cases (
	id VARCHAR COLLATE "C" NOT NULL, 
	subject VARCHAR COLLATE "C" NOT NULL, 
	jurisdiction VARCHAR COLLATE "C" NOT NULL, 
	provision VARCHAR COLLATE "C" NOT NULL, 
	state VARCHAR COLLATE "C" NOT NULL, 
	opened_at VARCHAR COLLATE "C" NOT NULL, 
	closed_at VARCHAR COLLATE "C", 
	laboratory BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (state in ('open', 'closed'))
)
--;;
CREATE UNIQUE INDEX cases_one_open ON cases (subject, provision, laboratory) WHERE state = 'open'
--;;
CREATE TABLE checkpoints (
	number INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	root VARCHAR COLLATE "C" NOT NULL, 
	note BYTEA NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (size)
)
--;;
CREATE TABLE checks (
	seq SERIAL NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	expectation VARCHAR COLLATE "C" NOT NULL, 
	met BOOLEAN, 
	after_ms BIGINT, 
	observed_at VARCHAR COLLATE "C", 
	evidence VARCHAR COLLATE "C", 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
)
--;;
CREATE INDEX checks_by_order ON checks (order_id)
--;;
CREATE TABLE cosignatures (
	number INTEGER NOT NULL, 
	checkpoint INTEGER NOT NULL, 
	vkey VARCHAR COLLATE "C" NOT NULL, 
	signature BYTEA NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (checkpoint, vkey)
)
--;;
CREATE TABLE delivered (
	place VARCHAR COLLATE "C" NOT NULL, 
	rule VARCHAR COLLATE "C" NOT NULL, 
	delivery VARCHAR COLLATE "C" NOT NULL, 
	seq INTEGER NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	held TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (place, rule, delivery)
)
--;;
CREATE INDEX delivered_latest ON delivered (place, rule, seq)
--;;
CREATE TABLE deliveries (
	seq SERIAL NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	place VARCHAR COLLATE "C" NOT NULL, 
	kind VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C", 
	serial BIGINT NOT NULL, 
	orders INTEGER NOT NULL, 
	entries INTEGER NOT NULL, 
	through INTEGER NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (seq), 
	CHECK (kind in ('update', 'withdrawal', 'reconciled')), 
	UNIQUE (id)
)
--;;
CREATE INDEX deliveries_by_kind ON deliveries (place, laboratory, kind)
--;;
CREATE INDEX deliveries_by_place ON deliveries (place, laboratory, seq)
--;;
CREATE TABLE duties (
	kind VARCHAR COLLATE "C" NOT NULL, 
	target VARCHAR COLLATE "C" NOT NULL, 
	due VARCHAR COLLATE "C" NOT NULL, 
	every INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	claimed_until VARCHAR COLLATE "C", 
	PRIMARY KEY (kind, target)
)
--;;
CREATE INDEX ix_duties_due ON duties (due)
--;;
CREATE TABLE duty_results (
	kind VARCHAR COLLATE "C" NOT NULL, 
	target VARCHAR COLLATE "C" NOT NULL, 
	due VARCHAR COLLATE "C" NOT NULL, 
	done VARCHAR COLLATE "C" NOT NULL, 
	result VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (kind, target, due)
)
--;;
CREATE TABLE expectations (
	seq SERIAL NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	vantage VARCHAR COLLATE "C" NOT NULL, 
	host VARCHAR COLLATE "C" NOT NULL, 
	expect VARCHAR COLLATE "C" NOT NULL, 
	purpose VARCHAR COLLATE "C" NOT NULL, 
	since VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
)
--;;
CREATE INDEX expectations_by_order ON expectations (order_id)
--;;
CREATE TABLE findings (
	id VARCHAR COLLATE "C" NOT NULL, 
	subject VARCHAR COLLATE "C" NOT NULL, 
	element VARCHAR COLLATE "C" NOT NULL, 
	state VARCHAR COLLATE "C" NOT NULL, 
	author VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX ix_findings_subject ON findings (subject)
--;;
CREATE TABLE hold_acts (
	id VARCHAR COLLATE "C" NOT NULL, 
	hold VARCHAR COLLATE "C" NOT NULL, 
	act VARCHAR COLLATE "C" NOT NULL, 
	actor VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	reasons TEXT COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (act in ('confirmed', 'released', 'expired')), 
	UNIQUE (hold, act)
)
--;;
CREATE TABLE hold_rule_acts (
	id VARCHAR COLLATE "C" NOT NULL, 
	rule VARCHAR COLLATE "C" NOT NULL, 
	act VARCHAR COLLATE "C" NOT NULL, 
	person VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	note TEXT COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (act in ('approve', 'withdraw', 'end')), 
	UNIQUE (rule, person, act)
)
--;;
CREATE TABLE hold_rules (
	id VARCHAR COLLATE "C" NOT NULL, 
	jurisdiction VARCHAR COLLATE "C" NOT NULL, 
	legal_basis TEXT COLLATE "C" NOT NULL, 
	hours INTEGER NOT NULL, 
	law_hours INTEGER NOT NULL, 
	least_indicators INTEGER NOT NULL, 
	reasons TEXT COLLATE "C" NOT NULL, 
	proposer VARCHAR COLLATE "C" NOT NULL, 
	needed INTEGER NOT NULL CHECK (needed >= 1), 
	proposed_at VARCHAR COLLATE "C" NOT NULL, 
	expires_at VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE TABLE holds (
	id VARCHAR COLLATE "C" NOT NULL, 
	rule VARCHAR COLLATE "C" NOT NULL, 
	case_id VARCHAR COLLATE "C" NOT NULL, 
	account VARCHAR COLLATE "C" NOT NULL, 
	payment VARCHAR COLLATE "C" NOT NULL, 
	assessment VARCHAR COLLATE "C" NOT NULL, 
	began_at VARCHAR COLLATE "C" NOT NULL, 
	until_at VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (payment, laboratory)
)
--;;
CREATE INDEX holds_by_case ON holds (case_id)
--;;
CREATE INDEX holds_by_end ON holds (until_at)
--;;
CREATE TABLE leaves (
	idx INTEGER NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	kind VARCHAR COLLATE "C" NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	time VARCHAR COLLATE "C" NOT NULL, 
	entry BYTEA NOT NULL, 
	hash BYTEA NOT NULL, 
	PRIMARY KEY (idx)
)
--;;
CREATE INDEX ix_leaves_id ON leaves (id)
--;;
CREATE TABLE log_keys (
	number INTEGER NOT NULL, 
	vkey VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (vkey)
)
--;;
CREATE TABLE log_tallies (
	what VARCHAR COLLATE "C" NOT NULL, 
	count INTEGER NOT NULL, 
	PRIMARY KEY (what)
)
--;;
CREATE TABLE notice_deferrals (
	id VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	ground TEXT COLLATE "C" NOT NULL, 
	reasons TEXT COLLATE "C" NOT NULL, 
	decider VARCHAR COLLATE "C" NOT NULL, 
	review_at VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX notice_deferrals_by_order ON notice_deferrals (order_id)
--;;
CREATE TABLE notice_deliveries (
	id VARCHAR COLLATE "C" NOT NULL, 
	notice VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	fate VARCHAR COLLATE "C" NOT NULL, 
	channel TEXT COLLATE "C" NOT NULL, 
	why TEXT COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	by_whom VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (fate in ('sent', 'delivered', 'failed'))
)
--;;
CREATE INDEX notice_deliveries_by_notice ON notice_deliveries (notice)
--;;
CREATE INDEX notice_deliveries_by_order ON notice_deliveries (order_id)
--;;
CREATE TABLE notices (
	id VARCHAR COLLATE "C" NOT NULL, 
	order_id VARCHAR COLLATE "C" NOT NULL, 
	recipient TEXT COLLATE "C" NOT NULL, 
	language VARCHAR COLLATE "C" NOT NULL, 
	text TEXT COLLATE "C" NOT NULL, 
	timing VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	by_whom VARCHAR COLLATE "C" NOT NULL, 
	reply_until VARCHAR COLLATE "C", 
	due_at VARCHAR COLLATE "C", 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (timing in ('before', 'after'))
)
--;;
CREATE INDEX notices_by_order ON notices (order_id)
--;;
CREATE TABLE observations (
	id VARCHAR COLLATE "C" NOT NULL, 
	subject VARCHAR COLLATE "C" NOT NULL, 
	vantage VARCHAR COLLATE "C" NOT NULL, 
	role VARCHAR COLLATE "C" NOT NULL, 
	started VARCHAR COLLATE "C" NOT NULL, 
	capture VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX ix_observations_capture ON observations (capture)
--;;
CREATE INDEX ix_observations_subject ON observations (subject)
--;;
CREATE TABLE orders (
	id VARCHAR COLLATE "C" NOT NULL, 
	case_id VARCHAR COLLATE "C" NOT NULL, 
	subject VARCHAR COLLATE "C" NOT NULL, 
	host VARCHAR COLLATE "C" NOT NULL, 
	subdomains BOOLEAN NOT NULL, 
	addresses TEXT COLLATE "C" DEFAULT '[]' NOT NULL, 
	overrides TEXT COLLATE "C" DEFAULT '[]' NOT NULL, 
	assessment VARCHAR COLLATE "C" NOT NULL, 
	measure VARCHAR COLLATE "C" NOT NULL, 
	legal_basis TEXT COLLATE "C" NOT NULL, 
	reasons TEXT COLLATE "C" NOT NULL, 
	authority TEXT COLLATE "C" NOT NULL, 
	addressee TEXT COLLATE "C" NOT NULL, 
	notice VARCHAR COLLATE "C" NOT NULL, 
	notice_basis TEXT COLLATE "C" NOT NULL, 
	reply_days INTEGER NOT NULL, 
	urgency TEXT COLLATE "C" NOT NULL, 
	urgency_reasons TEXT COLLATE "C" NOT NULL, 
	renews VARCHAR COLLATE "C", 
	appeal TEXT COLLATE "C" NOT NULL, 
	policy VARCHAR COLLATE "C" NOT NULL, 
	state VARCHAR COLLATE "C" NOT NULL, 
	proposer VARCHAR COLLATE "C" NOT NULL, 
	needed INTEGER NOT NULL CHECK (needed >= 1), 
	proposed_at VARCHAR COLLATE "C" NOT NULL, 
	activated_at VARCHAR COLLATE "C", 
	moved_at VARCHAR COLLATE "C" NOT NULL, 
	ended_at VARCHAR COLLATE "C", 
	expires_at VARCHAR COLLATE "C" NOT NULL, 
	review_at VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (policy in ('nodata', 'nxdomain', 'redirect')), 
	CHECK (state in ('proposed', 'approved', 'active', 'suspended', 'expired', 'revoked'))
)
--;;
CREATE INDEX orders_by_case ON orders (case_id)
--;;
CREATE INDEX orders_by_expiry ON orders (state, expires_at)
--;;
CREATE INDEX orders_by_state ON orders (state, laboratory, measure, host, id, expires_at, subject, subdomains, policy, addresses, overrides)
--;;
CREATE TABLE people (
	id VARCHAR COLLATE "C" NOT NULL, 
	name VARCHAR COLLATE "C" NOT NULL, 
	added_at VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE TABLE redactions (
	id VARCHAR COLLATE "C" NOT NULL, 
	act VARCHAR COLLATE "C" NOT NULL, 
	blob VARCHAR COLLATE "C", 
	scope VARCHAR COLLATE "C", 
	row_id VARCHAR COLLATE "C", 
	remainder TEXT COLLATE "C", 
	case_id VARCHAR COLLATE "C", 
	standing VARCHAR COLLATE "C", 
	person VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX redactions_by_blob ON redactions (blob)
--;;
CREATE INDEX redactions_by_case ON redactions (case_id)
--;;
CREATE INDEX redactions_by_row ON redactions (row_id)
--;;
CREATE INDEX redactions_by_scope ON redactions (scope)
--;;
CREATE TABLE retention_orders (
	id VARCHAR COLLATE "C" NOT NULL, 
	act VARCHAR COLLATE "C" NOT NULL, 
	about VARCHAR COLLATE "C", 
	pack VARCHAR COLLATE "C" NOT NULL, 
	kind VARCHAR COLLATE "C" NOT NULL, 
	person VARCHAR COLLATE "C" NOT NULL, 
	at VARCHAR COLLATE "C" NOT NULL, 
	until VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE TABLE roles (
	id VARCHAR COLLATE "C" NOT NULL, 
	person VARCHAR COLLATE "C" NOT NULL, 
	role VARCHAR COLLATE "C" NOT NULL, 
	since VARCHAR COLLATE "C" NOT NULL, 
	until VARCHAR COLLATE "C", 
	granted_by VARCHAR COLLATE "C" NOT NULL, 
	ended_by VARCHAR COLLATE "C", 
	PRIMARY KEY (id), 
	CHECK (role in ('analyst', 'approver', 'appeals_officer', 'publisher', 'auditor', 'administrator'))
)
--;;
CREATE INDEX roles_by_person ON roles (person)
--;;
CREATE TABLE runs (
	id VARCHAR COLLATE "C" NOT NULL, 
	kind VARCHAR COLLATE "C" NOT NULL, 
	parameters VARCHAR COLLATE "C" NOT NULL, 
	started VARCHAR COLLATE "C" NOT NULL, 
	ended VARCHAR COLLATE "C", 
	PRIMARY KEY (id)
)
--;;
CREATE INDEX ix_runs_parameters ON runs (parameters)
--;;
CREATE TABLE subject_keys (
	key VARCHAR COLLATE "C" NOT NULL, 
	what VARCHAR COLLATE "C" NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (key, what, id)
)
--;;
CREATE INDEX ix_subject_keys_id ON subject_keys (id)
--;;
CREATE TABLE subject_versions (
	key VARCHAR COLLATE "C" NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	batch VARCHAR COLLATE "C" NOT NULL, 
	time VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (key)
)
--;;
CREATE INDEX ix_subject_versions_id ON subject_versions (id)
--;;
CREATE TABLE subjects (
	id VARCHAR COLLATE "C" NOT NULL, 
	kind VARCHAR COLLATE "C" NOT NULL, 
	name VARCHAR COLLATE "C" NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	record BYTEA NOT NULL, 
	batch VARCHAR COLLATE "C" NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
)
--;;
CREATE TABLE timestamps (
	number INTEGER NOT NULL, 
	checkpoint INTEGER NOT NULL, 
	reply BYTEA NOT NULL, 
	roots BYTEA NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (number)
)
--;;
CREATE TABLE run_items (
	run VARCHAR COLLATE "C" NOT NULL, 
	item VARCHAR COLLATE "C" NOT NULL, 
	position INTEGER NOT NULL, 
	result BYTEA NOT NULL, 
	PRIMARY KEY (run, item), 
	FOREIGN KEY(run) REFERENCES runs (id)
)
--;;
create or replace function appeal_rulings_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from appeal_rulings where id = new.id) or exists (select 1 from appeal_rulings where appeal = new.appeal)) then raise exception using message = 'appeal_rulings: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_no_replace before insert on appeal_rulings for each row execute function appeal_rulings_no_replace()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_no_replace
--;;
create or replace function appeal_rulings_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'appeal_rulings: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger appeal_rulings_no_delete before delete on appeal_rulings for each row execute function appeal_rulings_no_delete()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_no_delete
--;;
create or replace function appeal_rulings_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'appeal_rulings: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger appeal_rulings_no_truncate before truncate on appeal_rulings for each statement execute function appeal_rulings_no_truncate()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_no_truncate
--;;
create or replace function appeal_rulings_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.appeal is distinct from old.appeal or new.order_id is distinct from old.order_id or new.decider is distinct from old.decider or new.outcome is distinct from old.outcome or new.at is distinct from old.at)), false)) then raise exception using message = 'appeal_rulings is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_no_update before update on appeal_rulings for each row execute function appeal_rulings_no_update()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_no_update
--;;
create or replace function appeal_rulings_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.appeal), '') = '' or coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.decider), '') = '' or coalesce(trim(new.outcome), '') = '' or coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.at), '') = '') then raise exception using message = 'appeal_rulings: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_said before insert on appeal_rulings for each row execute function appeal_rulings_said()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_said
--;;
create or replace function appeal_rulings_of_an_appeal() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(new.outcome, '') not in ('upheld', 'dismissed', 'partly') or not exists (select 1 from appeals a
      where a.id = new.appeal and a.order_id = new.order_id and a.filed_at <= new.at)) then raise exception using message = 'a ruling is on an appeal, upheld, dismissed or partly', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_of_an_appeal before insert on appeal_rulings for each row execute function appeal_rulings_of_an_appeal()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_of_an_appeal
--;;
create or replace function appeal_rulings_by_an_officer() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'appeal_rulings: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.decider order by id for update; if (not exists (select 1 from roles r where r.person = new.decider and r.role in ('appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) then raise exception using message = 'this person is not an appeals officer at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_by_an_officer before insert on appeal_rulings for each row execute function appeal_rulings_by_an_officer()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_by_an_officer
--;;
create or replace function appeal_rulings_by_another() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'appeal_rulings: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = new.order_id for update; if (exists (select 1 from orders o where o.id = new.order_id and o.proposer = new.decider)
      or exists (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.decider)
      or exists (select 1 from notice_deferrals f where f.order_id = new.order_id
        and f.decider = new.decider)
      or exists (select 1 from case_events e where e.order_id = new.order_id and e.actor = new.decider
        and e.kind in ('proposed', 'approved', 'decided', 'considered', 'activated', 'deferred'))) then raise exception using message = 'nobody hears an appeal against an order they took part in', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_by_another before insert on appeal_rulings for each row execute function appeal_rulings_by_another()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_by_another
--;;
create or replace function appeal_rulings_undo() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if ((new.outcome = 'upheld' and exists (select 1 from orders o where o.id = new.order_id
        and o.state not in ('revoked', 'expired')))
      or (new.outcome = 'partly' and exists (select 1 from orders o where o.id = new.order_id
        and o.state = 'active'))) then raise exception using message = 'an appeal that succeeds takes the order out of force first', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_undo before insert on appeal_rulings for each row execute function appeal_rulings_undo()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_undo
--;;
create or replace function appeal_rulings_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.appeal) is distinct from nullif(r.said #> '{appeal}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.decider) is distinct from nullif(r.said #> '{decider}', 'null'::jsonb) or to_jsonb(new.outcome) is distinct from nullif(r.said #> '{outcome}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'appeal_rulings: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_agree_insert before insert on appeal_rulings for each row execute function appeal_rulings_agree_insert()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_agree_insert
--;;
create or replace function appeal_rulings_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.appeal) is distinct from nullif(r.said #> '{appeal}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.decider) is distinct from nullif(r.said #> '{decider}', 'null'::jsonb) or to_jsonb(new.outcome) is distinct from nullif(r.said #> '{outcome}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'appeal_rulings: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeal_rulings_agree_update before update on appeal_rulings for each row execute function appeal_rulings_agree_update()
--;;
alter table appeal_rulings enable always trigger appeal_rulings_agree_update
--;;
create or replace function appeals_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from appeals where id = new.id)) then raise exception using message = 'appeals: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_no_replace before insert on appeals for each row execute function appeals_no_replace()
--;;
alter table appeals enable always trigger appeals_no_replace
--;;
create or replace function appeals_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'appeals: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger appeals_no_delete before delete on appeals for each row execute function appeals_no_delete()
--;;
alter table appeals enable always trigger appeals_no_delete
--;;
create or replace function appeals_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'appeals: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger appeals_no_truncate before truncate on appeals for each statement execute function appeals_no_truncate()
--;;
alter table appeals enable always trigger appeals_no_truncate
--;;
create or replace function appeals_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.order_id is distinct from old.order_id or new.filed_at is distinct from old.filed_at or new.by_whom is distinct from old.by_whom)), false)) then raise exception using message = 'appeals is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_no_update before update on appeals for each row execute function appeals_no_update()
--;;
alter table appeals enable always trigger appeals_no_update
--;;
create or replace function appeals_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.appellant), '') = '' or coalesce(trim(new.grounds), '') = '' or coalesce(trim(new.filed_at), '') = '' or coalesce(trim(new.by_whom), '') = '') then raise exception using message = 'appeals: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_said before insert on appeals for each row execute function appeals_said()
--;;
alter table appeals enable always trigger appeals_said
--;;
create or replace function appeals_of_an_order() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'appeals: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = new.order_id for update; if (not exists (select 1 from orders o where o.id = new.order_id and o.state <> 'proposed' and o.proposed_at <= new.filed_at)) then raise exception using message = 'an appeal is against an order that was decided', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_of_an_order before insert on appeals for each row execute function appeals_of_an_order()
--;;
alter table appeals enable always trigger appeals_of_an_order
--;;
create or replace function appeals_entered_by() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'appeals: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.by_whom order by id for update; if (not exists (select 1 from roles r where r.person = new.by_whom and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.filed_at and (r.until is null or r.until > new.filed_at))) then raise exception using message = 'this person enters no appeals at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_entered_by before insert on appeals for each row execute function appeals_entered_by()
--;;
alter table appeals enable always trigger appeals_entered_by
--;;
create or replace function appeals_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.appellant) is distinct from nullif(r.said #> '{appellant}', 'null'::jsonb) or to_jsonb(new.grounds) is distinct from nullif(r.said #> '{grounds}', 'null'::jsonb) or to_jsonb(new.filed_at) is distinct from nullif(r.said #> '{filed_at}', 'null'::jsonb) or to_jsonb(new.by_whom) is distinct from nullif(r.said #> '{by}', 'null'::jsonb))) then raise exception using message = 'appeals: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_agree_insert before insert on appeals for each row execute function appeals_agree_insert()
--;;
alter table appeals enable always trigger appeals_agree_insert
--;;
create or replace function appeals_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.appellant) is distinct from nullif(r.said #> '{appellant}', 'null'::jsonb) or to_jsonb(new.grounds) is distinct from nullif(r.said #> '{grounds}', 'null'::jsonb) or to_jsonb(new.filed_at) is distinct from nullif(r.said #> '{filed_at}', 'null'::jsonb) or to_jsonb(new.by_whom) is distinct from nullif(r.said #> '{by}', 'null'::jsonb))) then raise exception using message = 'appeals: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger appeals_agree_update before update on appeals for each row execute function appeals_agree_update()
--;;
alter table appeals enable always trigger appeals_agree_update
--;;
create or replace function approvals_a_day() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.act = 'approve' and exists (select 1 from orders o where o.id = new.order_id and substr(o.subject, 1, 8) = 'account:') and (select count(*) from approvals a
      where a.approver = new.approver and a.act = 'approve'
      and a.at >= substr(new.at, 1, 10) and substr(a.at, 1, 10) = substr(new.at, 1, 10)
      and exists (select 1 from orders o where o.id = a.order_id and substr(o.subject, 1, 8) = 'account:')) >= 100) then raise exception using message = 'this person has approved as many orders on accounts as one may a day', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_a_day before insert on approvals for each row execute function approvals_a_day()
--;;
alter table approvals enable always trigger approvals_a_day
--;;
create or replace function approvals_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from approvals where id = new.id) or exists (select 1 from approvals where order_id = new.order_id and approver = new.approver and act = new.act)) then raise exception using message = 'approvals: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_no_replace before insert on approvals for each row execute function approvals_no_replace()
--;;
alter table approvals enable always trigger approvals_no_replace
--;;
create or replace function approvals_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'approvals: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger approvals_no_delete before delete on approvals for each row execute function approvals_no_delete()
--;;
alter table approvals enable always trigger approvals_no_delete
--;;
create or replace function approvals_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'approvals: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger approvals_no_truncate before truncate on approvals for each statement execute function approvals_no_truncate()
--;;
alter table approvals enable always trigger approvals_no_truncate
--;;
create or replace function approvals_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.order_id is distinct from old.order_id or new.approver is distinct from old.approver or new.act is distinct from old.act or new.at is distinct from old.at)), false)) then raise exception using message = 'approvals is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_no_update before update on approvals for each row execute function approvals_no_update()
--;;
alter table approvals enable always trigger approvals_no_update
--;;
create or replace function approvals_while_proposed() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'approvals: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = new.order_id for update; if (not exists (select 1 from orders o where o.id = new.order_id and o.state = 'proposed' and o.proposed_at <= new.at and new.at < o.expires_at)) then raise exception using message = 'only a proposed order is approved', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_while_proposed before insert on approvals for each row execute function approvals_while_proposed()
--;;
alter table approvals enable always trigger approvals_while_proposed
--;;
create or replace function approvals_by_another() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from orders o where o.id = new.order_id and o.proposer is not distinct from new.approver)) then raise exception using message = 'no one approves their own proposal', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_by_another before insert on approvals for each row execute function approvals_by_another()
--;;
alter table approvals enable always trigger approvals_by_another
--;;
create or replace function approvals_by_an_approver() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'approvals: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.approver for update; if (not exists (select 1 from roles r where r.person = new.approver and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) then raise exception using message = 'this person is not an approver at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_by_an_approver before insert on approvals for each row execute function approvals_by_an_approver()
--;;
alter table approvals enable always trigger approvals_by_an_approver
--;;
create or replace function approvals_of_two_kinds() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(new.act, '') not in ('approve', 'withdraw') or (new.act = 'withdraw' and not exists
      (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.approver
       and a.act = 'approve'))) then raise exception using message = 'an approval is approve, or withdraw after approve', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_of_two_kinds before insert on approvals for each row execute function approvals_of_two_kinds()
--;;
alter table approvals enable always trigger approvals_of_two_kinds
--;;
create or replace function approvals_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.approver) is distinct from nullif(r.said #> '{approver}', 'null'::jsonb) or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'approvals: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_agree_insert before insert on approvals for each row execute function approvals_agree_insert()
--;;
alter table approvals enable always trigger approvals_agree_insert
--;;
create or replace function approvals_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.approver) is distinct from nullif(r.said #> '{approver}', 'null'::jsonb) or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'approvals: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger approvals_agree_update before update on approvals for each row execute function approvals_agree_update()
--;;
alter table approvals enable always trigger approvals_agree_update
--;;
create or replace function artefact_orders_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from artefact_orders where artefact = new.artefact and order_id = new.order_id)) then raise exception using message = 'artefact_orders: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger artefact_orders_no_replace before insert on artefact_orders for each row execute function artefact_orders_no_replace()
--;;
alter table artefact_orders enable always trigger artefact_orders_no_replace
--;;
create or replace function artefact_orders_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'artefact_orders: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger artefact_orders_no_delete before delete on artefact_orders for each row execute function artefact_orders_no_delete()
--;;
alter table artefact_orders enable always trigger artefact_orders_no_delete
--;;
create or replace function artefact_orders_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'artefact_orders: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger artefact_orders_no_truncate before truncate on artefact_orders for each statement execute function artefact_orders_no_truncate()
--;;
alter table artefact_orders enable always trigger artefact_orders_no_truncate
--;;
create or replace function artefact_orders_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'artefact_orders is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger artefact_orders_no_update before update on artefact_orders for each row execute function artefact_orders_no_update()
--;;
alter table artefact_orders enable always trigger artefact_orders_no_update
--;;
create or replace function artefact_orders_active() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'artefact_orders: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = new.order_id for update; if (not exists (select 1 from artefacts a join orders o on o.id = new.order_id where a.id = new.artefact and o.state = 'active' and o.expires_at > a.made_at and o.laboratory = a.laboratory)) then raise exception using message = 'an artefact rests on active orders of its own kind', errcode = '23000'; end if; return new; end $$
--;;
create trigger artefact_orders_active before insert on artefact_orders for each row execute function artefact_orders_active()
--;;
alter table artefact_orders enable always trigger artefact_orders_active
--;;
create or replace function artefacts_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from artefacts where seq = new.seq) or exists (select 1 from artefacts where id = new.id)) then raise exception using message = 'artefacts: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger artefacts_no_replace before insert on artefacts for each row execute function artefacts_no_replace()
--;;
alter table artefacts enable always trigger artefacts_no_replace
--;;
create or replace function artefacts_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'artefacts: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger artefacts_no_delete before delete on artefacts for each row execute function artefacts_no_delete()
--;;
alter table artefacts enable always trigger artefacts_no_delete
--;;
create or replace function artefacts_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'artefacts: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger artefacts_no_truncate before truncate on artefacts for each statement execute function artefacts_no_truncate()
--;;
alter table artefacts enable always trigger artefacts_no_truncate
--;;
create or replace function artefacts_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'artefacts is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger artefacts_no_update before update on artefacts for each row execute function artefacts_no_update()
--;;
alter table artefacts enable always trigger artefacts_no_update
--;;
create or replace function assessments_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from assessments where id = new.id)) then raise exception using message = 'assessments: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger assessments_no_replace before insert on assessments for each row execute function assessments_no_replace()
--;;
alter table assessments enable always trigger assessments_no_replace
--;;
create or replace function assessments_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'assessments: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger assessments_no_delete before delete on assessments for each row execute function assessments_no_delete()
--;;
alter table assessments enable always trigger assessments_no_delete
--;;
create or replace function assessments_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'assessments: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger assessments_no_truncate before truncate on assessments for each statement execute function assessments_no_truncate()
--;;
alter table assessments enable always trigger assessments_no_truncate
--;;
create or replace function assessments_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'assessments is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger assessments_no_update before update on assessments for each row execute function assessments_no_update()
--;;
alter table assessments enable always trigger assessments_no_update
--;;
create or replace function assessments_pseudonym() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (substr(new.subject, 1, 8) = 'account:' and (new.subject !~ '^account:[0-9a-f]{32}$')) then raise exception using message = 'an account is named by its pseudonym and nothing else', errcode = '23000'; end if; return new; end $$
--;;
create trigger assessments_pseudonym before insert on assessments for each row execute function assessments_pseudonym()
--;;
alter table assessments enable always trigger assessments_pseudonym
--;;
create or replace function case_events_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from case_events where seq = new.seq) or exists (select 1 from case_events where id = new.id)) then raise exception using message = 'case_events: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_no_replace before insert on case_events for each row execute function case_events_no_replace()
--;;
alter table case_events enable always trigger case_events_no_replace
--;;
create or replace function case_events_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'case_events: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger case_events_no_delete before delete on case_events for each row execute function case_events_no_delete()
--;;
alter table case_events enable always trigger case_events_no_delete
--;;
create or replace function case_events_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'case_events: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger case_events_no_truncate before truncate on case_events for each statement execute function case_events_no_truncate()
--;;
alter table case_events enable always trigger case_events_no_truncate
--;;
create or replace function case_events_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.seq is distinct from old.seq or new.id is distinct from old.id or new.case_id is distinct from old.case_id or new.order_id is distinct from old.order_id or new.kind is distinct from old.kind or new.at is distinct from old.at or new.actor is distinct from old.actor or new.about is distinct from old.about or new.outcome is distinct from old.outcome)), false)) then raise exception using message = 'case_events is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_no_update before update on case_events for each row execute function case_events_no_update()
--;;
alter table case_events enable always trigger case_events_no_update
--;;
create or replace function case_events_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.kind) is distinct from nullif(r.said #> '{kind}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.actor) is distinct from nullif(r.said #> '{actor}', 'null'::jsonb) or to_jsonb(new.about) is distinct from nullif(r.said #> '{about}', 'null'::jsonb) or to_jsonb(new.outcome) is distinct from nullif(r.said #> '{outcome}', 'null'::jsonb))) then raise exception using message = 'case_events: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_agree_insert before insert on case_events for each row execute function case_events_agree_insert()
--;;
alter table case_events enable always trigger case_events_agree_insert
--;;
create or replace function case_events_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.kind) is distinct from nullif(r.said #> '{kind}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.actor) is distinct from nullif(r.said #> '{actor}', 'null'::jsonb) or to_jsonb(new.about) is distinct from nullif(r.said #> '{about}', 'null'::jsonb) or to_jsonb(new.outcome) is distinct from nullif(r.said #> '{outcome}', 'null'::jsonb))) then raise exception using message = 'case_events: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_agree_update before update on case_events for each row execute function case_events_agree_update()
--;;
alter table case_events enable always trigger case_events_agree_update
--;;
create or replace function case_events_by_their_role() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'case_events: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.actor order by id for update; if (coalesce(not (new.kind in ('added', 'granted', 'ended') or (new.actor = 'ringfence' and new.kind in ('opened', 'assessed', 'noticed', 'sending', 'unsent', 'delivered', 'suspended', 'expired', 'published')) or (new.kind = 'opened' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'assessed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'found' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'closed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'proposed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'approved' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'withdrawn' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'decided' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'noticed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'addressed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'delivered' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'deferred' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'replied' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'considered' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'activated' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'suspended' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'resumed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'revoked' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'appealed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'ruled' and exists (select 1 from roles r where r.person = new.actor and r.role in ('appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'published' and exists (select 1 from roles r where r.person = new.actor and r.role in ('publisher') and r.since <= new.at and (r.until is null or r.until > new.at))) or (new.kind = 'revealed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at)))), true)) then raise exception using message = 'this person holds no role for this act at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_by_their_role before insert on case_events for each row execute function case_events_by_their_role()
--;;
alter table case_events enable always trigger case_events_by_their_role
--;;
create or replace function case_events_assessed() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if ((new.kind = 'assessed' and (new.about is null
      or coalesce(new.outcome, '') not in ('actionable', 'not_actionable', 'protected')))
      or (new.kind <> 'assessed' and new.outcome is not null)) then raise exception using message = 'an assessment is filed with what it allows', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_assessed before insert on case_events for each row execute function case_events_assessed()
--;;
alter table case_events enable always trigger case_events_assessed
--;;
create or replace function case_events_protects() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'case_events: written under read committed only', errcode = '23000'; end if; perform 1 from orders where case_id = new.case_id order by id for update; perform 1 from cases where id = new.case_id for update; if (new.kind = 'assessed' and new.outcome = 'protected' and exists (select 1 from orders o
      where o.case_id = new.case_id and o.state = 'active')) then raise exception using message = 'journalism is protected: its orders are suspended first', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_protects before insert on case_events for each row execute function case_events_protects()
--;;
alter table case_events enable always trigger case_events_protects
--;;
create or replace function case_events_lets_go() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.kind = 'assessed' and new.outcome = 'protected' and exists (select 1 from holds h
      where h.case_id = new.case_id and h.until_at > new.at and not exists (select 1 from hold_acts e
        where e.hold = h.id and e.act in ('released', 'expired')))) then raise exception using message = 'an exclusion of the house protects: its holds are released first', errcode = '23000'; end if; return new; end $$
--;;
create trigger case_events_lets_go before insert on case_events for each row execute function case_events_lets_go()
--;;
alter table case_events enable always trigger case_events_lets_go
--;;
create or replace function cases_pseudonym() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (substr(new.subject, 1, 8) = 'account:' and (new.subject !~ '^account:[0-9a-f]{32}$')) then raise exception using message = 'an account is named by its pseudonym and nothing else', errcode = '23000'; end if; return new; end $$
--;;
create trigger cases_pseudonym before insert on cases for each row execute function cases_pseudonym()
--;;
alter table cases enable always trigger cases_pseudonym
--;;
create or replace function cases_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from cases where id = new.id)) then raise exception using message = 'cases: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger cases_no_replace before insert on cases for each row execute function cases_no_replace()
--;;
alter table cases enable always trigger cases_no_replace
--;;
create or replace function cases_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'cases: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger cases_no_delete before delete on cases for each row execute function cases_no_delete()
--;;
alter table cases enable always trigger cases_no_delete
--;;
create or replace function cases_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'cases: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger cases_no_truncate before truncate on cases for each statement execute function cases_no_truncate()
--;;
alter table cases enable always trigger cases_no_truncate
--;;
create or replace function cases_opens_open() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.state is distinct from 'open' or exists (select 1 from cases c where c.state = 'open' and c.subject = new.subject and c.provision = new.provision and c.laboratory = new.laboratory)) then raise exception using message = 'a case begins open, and once for a subject and provision', errcode = '23000'; end if; return new; end $$
--;;
create trigger cases_opens_open before insert on cases for each row execute function cases_opens_open()
--;;
alter table cases enable always trigger cases_opens_open
--;;
create or replace function cases_closes() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'cases: written under read committed only', errcode = '23000'; end if; perform 1 from cases where id = old.id for update; if ((new.id is distinct from old.id or new.subject is distinct from old.subject or new.jurisdiction is distinct from old.jurisdiction or new.provision is distinct from old.provision or new.opened_at is distinct from old.opened_at or new.laboratory is distinct from old.laboratory) or old.state is distinct from 'open' or new.state is distinct from 'closed' or new.closed_at is null or exists (select 1 from orders o where o.case_id = old.id and o.state in ('proposed', 'approved', 'active', 'suspended'))) then raise exception using message = 'a case can only be closed, and only without live orders', errcode = '23000'; end if; return new; end $$
--;;
create trigger cases_closes before update on cases for each row execute function cases_closes()
--;;
alter table cases enable always trigger cases_closes
--;;
create or replace function cases_closed_by_somebody() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from case_events e where e.case_id = old.id and e.kind = 'closed' and e.at = new.closed_at)) then raise exception using message = 'a case is closed by an event that says who closed it', errcode = '23000'; end if; return new; end $$
--;;
create trigger cases_closed_by_somebody before update on cases for each row execute function cases_closed_by_somebody()
--;;
alter table cases enable always trigger cases_closed_by_somebody
--;;
create or replace function cases_lets_go() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.state = 'closed' and exists (select 1 from holds h where h.case_id = old.id
      and h.until_at > new.closed_at and not exists (select 1 from hold_acts e
        where e.hold = h.id and e.act in ('released', 'expired')))) then raise exception using message = 'a payment of this case is still held: it is released first', errcode = '23000'; end if; return new; end $$
--;;
create trigger cases_lets_go before update on cases for each row execute function cases_lets_go()
--;;
alter table cases enable always trigger cases_lets_go
--;;
create or replace function checkpoints_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from checkpoints where number = new.number) or exists (select 1 from checkpoints where size = new.size)) then raise exception using message = 'checkpoints: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger checkpoints_no_replace before insert on checkpoints for each row execute function checkpoints_no_replace()
--;;
alter table checkpoints enable always trigger checkpoints_no_replace
--;;
create or replace function checkpoints_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'checkpoints: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger checkpoints_no_delete before delete on checkpoints for each row execute function checkpoints_no_delete()
--;;
alter table checkpoints enable always trigger checkpoints_no_delete
--;;
create or replace function checkpoints_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'checkpoints: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger checkpoints_no_truncate before truncate on checkpoints for each statement execute function checkpoints_no_truncate()
--;;
alter table checkpoints enable always trigger checkpoints_no_truncate
--;;
create or replace function checkpoints_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'checkpoints is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger checkpoints_no_update before update on checkpoints for each row execute function checkpoints_no_update()
--;;
alter table checkpoints enable always trigger checkpoints_no_update
--;;
create or replace function checks_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from checks where seq = new.seq) or exists (select 1 from checks where id = new.id)) then raise exception using message = 'checks: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger checks_no_replace before insert on checks for each row execute function checks_no_replace()
--;;
alter table checks enable always trigger checks_no_replace
--;;
create or replace function checks_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'checks: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger checks_no_delete before delete on checks for each row execute function checks_no_delete()
--;;
alter table checks enable always trigger checks_no_delete
--;;
create or replace function checks_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'checks: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger checks_no_truncate before truncate on checks for each statement execute function checks_no_truncate()
--;;
alter table checks enable always trigger checks_no_truncate
--;;
create or replace function checks_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'checks is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger checks_no_update before update on checks for each row execute function checks_no_update()
--;;
alter table checks enable always trigger checks_no_update
--;;
create or replace function cosignatures_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from cosignatures where number = new.number) or exists (select 1 from cosignatures where checkpoint = new.checkpoint and vkey = new.vkey)) then raise exception using message = 'cosignatures: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger cosignatures_no_replace before insert on cosignatures for each row execute function cosignatures_no_replace()
--;;
alter table cosignatures enable always trigger cosignatures_no_replace
--;;
create or replace function cosignatures_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'cosignatures: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger cosignatures_no_delete before delete on cosignatures for each row execute function cosignatures_no_delete()
--;;
alter table cosignatures enable always trigger cosignatures_no_delete
--;;
create or replace function cosignatures_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'cosignatures: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger cosignatures_no_truncate before truncate on cosignatures for each statement execute function cosignatures_no_truncate()
--;;
alter table cosignatures enable always trigger cosignatures_no_truncate
--;;
create or replace function cosignatures_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'cosignatures is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger cosignatures_no_update before update on cosignatures for each row execute function cosignatures_no_update()
--;;
alter table cosignatures enable always trigger cosignatures_no_update
--;;
create or replace function delivered_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from delivered where place = new.place and rule = new.rule and delivery = new.delivery)) then raise exception using message = 'delivered: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger delivered_no_replace before insert on delivered for each row execute function delivered_no_replace()
--;;
alter table delivered enable always trigger delivered_no_replace
--;;
create or replace function delivered_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'delivered: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger delivered_no_delete before delete on delivered for each row execute function delivered_no_delete()
--;;
alter table delivered enable always trigger delivered_no_delete
--;;
create or replace function delivered_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'delivered: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger delivered_no_truncate before truncate on delivered for each statement execute function delivered_no_truncate()
--;;
alter table delivered enable always trigger delivered_no_truncate
--;;
create or replace function delivered_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'delivered is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger delivered_no_update before update on delivered for each row execute function delivered_no_update()
--;;
alter table delivered enable always trigger delivered_no_update
--;;
create or replace function delivered_by_a_delivery() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from deliveries d where d.id = new.delivery and d.seq = new.seq and d.place = new.place)) then raise exception using message = 'what stands at an owner was delivered there', errcode = '23000'; end if; return new; end $$
--;;
create trigger delivered_by_a_delivery before insert on delivered for each row execute function delivered_by_a_delivery()
--;;
alter table delivered enable always trigger delivered_by_a_delivery
--;;
create or replace function deliveries_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from deliveries where seq = new.seq) or exists (select 1 from deliveries where id = new.id)) then raise exception using message = 'deliveries: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger deliveries_no_replace before insert on deliveries for each row execute function deliveries_no_replace()
--;;
alter table deliveries enable always trigger deliveries_no_replace
--;;
create or replace function deliveries_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'deliveries: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger deliveries_no_delete before delete on deliveries for each row execute function deliveries_no_delete()
--;;
alter table deliveries enable always trigger deliveries_no_delete
--;;
create or replace function deliveries_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'deliveries: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger deliveries_no_truncate before truncate on deliveries for each statement execute function deliveries_no_truncate()
--;;
alter table deliveries enable always trigger deliveries_no_truncate
--;;
create or replace function deliveries_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'deliveries is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger deliveries_no_update before update on deliveries for each row execute function deliveries_no_update()
--;;
alter table deliveries enable always trigger deliveries_no_update
--;;
create or replace function deliveries_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.place) is distinct from nullif(r.said #> '{place}', 'null'::jsonb) or to_jsonb(new.kind) is distinct from nullif(r.said #> '{kind}', 'null'::jsonb) or to_jsonb(new.serial) is distinct from nullif(r.said #> '{serial}', 'null'::jsonb) or to_jsonb(new.orders) is distinct from nullif(r.said #> '{orders}', 'null'::jsonb) or to_jsonb(new.entries) is distinct from nullif(r.said #> '{entries}', 'null'::jsonb) or to_jsonb(new.through) is distinct from nullif(r.said #> '{through}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb))) then raise exception using message = 'deliveries: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger deliveries_agree_insert before insert on deliveries for each row execute function deliveries_agree_insert()
--;;
alter table deliveries enable always trigger deliveries_agree_insert
--;;
create or replace function deliveries_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.place) is distinct from nullif(r.said #> '{place}', 'null'::jsonb) or to_jsonb(new.kind) is distinct from nullif(r.said #> '{kind}', 'null'::jsonb) or to_jsonb(new.serial) is distinct from nullif(r.said #> '{serial}', 'null'::jsonb) or to_jsonb(new.orders) is distinct from nullif(r.said #> '{orders}', 'null'::jsonb) or to_jsonb(new.entries) is distinct from nullif(r.said #> '{entries}', 'null'::jsonb) or to_jsonb(new.through) is distinct from nullif(r.said #> '{through}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb))) then raise exception using message = 'deliveries: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger deliveries_agree_update before update on deliveries for each row execute function deliveries_agree_update()
--;;
alter table deliveries enable always trigger deliveries_agree_update
--;;
create or replace function deliveries_of_an_order() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.kind is distinct from 'reconciled' and not exists (select 1 from orders o where o.id = new.order_id and o.activated_at is not null and o.measure = 'block_access' and o.laboratory = new.laboratory)) then raise exception using message = 'what is delivered is an order that was in force', errcode = '23000'; end if; return new; end $$
--;;
create trigger deliveries_of_an_order before insert on deliveries for each row execute function deliveries_of_an_order()
--;;
alter table deliveries enable always trigger deliveries_of_an_order
--;;
create or replace function duty_results_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from duty_results where kind = new.kind and target = new.target and due = new.due)) then raise exception using message = 'duty_results: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger duty_results_no_replace before insert on duty_results for each row execute function duty_results_no_replace()
--;;
alter table duty_results enable always trigger duty_results_no_replace
--;;
create or replace function duty_results_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'duty_results: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger duty_results_no_delete before delete on duty_results for each row execute function duty_results_no_delete()
--;;
alter table duty_results enable always trigger duty_results_no_delete
--;;
create or replace function duty_results_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'duty_results: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger duty_results_no_truncate before truncate on duty_results for each statement execute function duty_results_no_truncate()
--;;
alter table duty_results enable always trigger duty_results_no_truncate
--;;
create or replace function duty_results_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'duty_results is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger duty_results_no_update before update on duty_results for each row execute function duty_results_no_update()
--;;
alter table duty_results enable always trigger duty_results_no_update
--;;
create or replace function expectations_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from expectations where seq = new.seq) or exists (select 1 from expectations where id = new.id)) then raise exception using message = 'expectations: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger expectations_no_replace before insert on expectations for each row execute function expectations_no_replace()
--;;
alter table expectations enable always trigger expectations_no_replace
--;;
create or replace function expectations_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'expectations: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger expectations_no_delete before delete on expectations for each row execute function expectations_no_delete()
--;;
alter table expectations enable always trigger expectations_no_delete
--;;
create or replace function expectations_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'expectations: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger expectations_no_truncate before truncate on expectations for each statement execute function expectations_no_truncate()
--;;
alter table expectations enable always trigger expectations_no_truncate
--;;
create or replace function expectations_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'expectations is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger expectations_no_update before update on expectations for each row execute function expectations_no_update()
--;;
alter table expectations enable always trigger expectations_no_update
--;;
create or replace function findings_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from findings where id = new.id)) then raise exception using message = 'findings: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger findings_no_replace before insert on findings for each row execute function findings_no_replace()
--;;
alter table findings enable always trigger findings_no_replace
--;;
create or replace function findings_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'findings: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger findings_no_delete before delete on findings for each row execute function findings_no_delete()
--;;
alter table findings enable always trigger findings_no_delete
--;;
create or replace function findings_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'findings: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger findings_no_truncate before truncate on findings for each statement execute function findings_no_truncate()
--;;
alter table findings enable always trigger findings_no_truncate
--;;
create or replace function findings_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'findings is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger findings_no_update before update on findings for each row execute function findings_no_update()
--;;
alter table findings enable always trigger findings_no_update
--;;
create or replace function findings_pseudonym() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (substr(new.subject, 1, 8) = 'account:' and (new.subject !~ '^account:[0-9a-f]{32}$')) then raise exception using message = 'an account is named by its pseudonym and nothing else', errcode = '23000'; end if; return new; end $$
--;;
create trigger findings_pseudonym before insert on findings for each row execute function findings_pseudonym()
--;;
alter table findings enable always trigger findings_pseudonym
--;;
create or replace function hold_acts_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from hold_acts where id = new.id) or exists (select 1 from hold_acts where hold = new.hold and act = new.act)) then raise exception using message = 'hold_acts: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_no_replace before insert on hold_acts for each row execute function hold_acts_no_replace()
--;;
alter table hold_acts enable always trigger hold_acts_no_replace
--;;
create or replace function hold_acts_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'hold_acts: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger hold_acts_no_delete before delete on hold_acts for each row execute function hold_acts_no_delete()
--;;
alter table hold_acts enable always trigger hold_acts_no_delete
--;;
create or replace function hold_acts_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'hold_acts: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger hold_acts_no_truncate before truncate on hold_acts for each statement execute function hold_acts_no_truncate()
--;;
alter table hold_acts enable always trigger hold_acts_no_truncate
--;;
create or replace function hold_acts_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.hold is distinct from old.hold or new.act is distinct from old.act or new.actor is distinct from old.actor or new.at is distinct from old.at)), false)) then raise exception using message = 'hold_acts is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_no_update before update on hold_acts for each row execute function hold_acts_no_update()
--;;
alter table hold_acts enable always trigger hold_acts_no_update
--;;
create or replace function hold_acts_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.hold), '') = '' or coalesce(trim(new.act), '') = '' or coalesce(trim(new.actor), '') = '' or coalesce(trim(new.at), '') = '' or coalesce(trim(new.reasons), '') = '') then raise exception using message = 'hold_acts: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_said before insert on hold_acts for each row execute function hold_acts_said()
--;;
alter table hold_acts enable always trigger hold_acts_said
--;;
create or replace function hold_acts_while_held() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'hold_acts: written under read committed only', errcode = '23000'; end if; perform 1 from holds where id = new.hold for update; if (coalesce(new.act, '') not in ('confirmed', 'released', 'expired')
      or exists (select 1 from hold_acts e where e.hold = new.hold and e.act in ('released', 'expired'))
      or not exists (select 1 from holds h where h.id = new.hold and h.began_at <= new.at
        and (new.act = 'expired') = (h.until_at <= new.at))) then raise exception using message = 'what is over is not confirmed, released or ended again', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_while_held before insert on hold_acts for each row execute function hold_acts_while_held()
--;;
alter table hold_acts enable always trigger hold_acts_while_held
--;;
create or replace function hold_acts_by_their_role() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'hold_acts: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.actor order by id for update; if (coalesce(not ((new.act in ('released', 'expired') and new.actor = 'ringfence')
      or (new.act = 'confirmed' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at)))
      or (new.act = 'released' and exists (select 1 from roles r where r.person = new.actor and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at)))), true)) then raise exception using message = 'this person holds no role for this act at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_by_their_role before insert on hold_acts for each row execute function hold_acts_by_their_role()
--;;
alter table hold_acts enable always trigger hold_acts_by_their_role
--;;
create or replace function hold_acts_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.hold) is distinct from nullif(r.said #> '{hold}', 'null'::jsonb) or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.actor) is distinct from nullif(r.said #> '{actor}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb))) then raise exception using message = 'hold_acts: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_agree_insert before insert on hold_acts for each row execute function hold_acts_agree_insert()
--;;
alter table hold_acts enable always trigger hold_acts_agree_insert
--;;
create or replace function hold_acts_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.hold) is distinct from nullif(r.said #> '{hold}', 'null'::jsonb) or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.actor) is distinct from nullif(r.said #> '{actor}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb))) then raise exception using message = 'hold_acts: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_acts_agree_update before update on hold_acts for each row execute function hold_acts_agree_update()
--;;
alter table hold_acts enable always trigger hold_acts_agree_update
--;;
create or replace function hold_rule_acts_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from hold_rule_acts where id = new.id) or exists (select 1 from hold_rule_acts where rule = new.rule and person = new.person and act = new.act)) then raise exception using message = 'hold_rule_acts: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_no_replace before insert on hold_rule_acts for each row execute function hold_rule_acts_no_replace()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_no_replace
--;;
create or replace function hold_rule_acts_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'hold_rule_acts: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger hold_rule_acts_no_delete before delete on hold_rule_acts for each row execute function hold_rule_acts_no_delete()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_no_delete
--;;
create or replace function hold_rule_acts_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'hold_rule_acts: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger hold_rule_acts_no_truncate before truncate on hold_rule_acts for each statement execute function hold_rule_acts_no_truncate()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_no_truncate
--;;
create or replace function hold_rule_acts_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.rule is distinct from old.rule or new.act is distinct from old.act or new.person is distinct from old.person or new.at is distinct from old.at)), false)) then raise exception using message = 'hold_rule_acts is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_no_update before update on hold_rule_acts for each row execute function hold_rule_acts_no_update()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_no_update
--;;
create or replace function hold_rule_acts_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.rule), '') = '' or coalesce(trim(new.act), '') = '' or coalesce(trim(new.person), '') = '' or coalesce(trim(new.at), '') = '') then raise exception using message = 'hold_rule_acts: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_said before insert on hold_rule_acts for each row execute function hold_rule_acts_said()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_said
--;;
create or replace function hold_rule_acts_of_a_rule() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'hold_rule_acts: written under read committed only', errcode = '23000'; end if; perform 1 from hold_rules where id = new.rule for update; if (coalesce(new.act, '') not in ('approve', 'withdraw', 'end')
      or not exists (select 1 from hold_rules r where r.id = new.rule and r.proposed_at <= new.at
        and new.at < r.expires_at)
      or exists (select 1 from hold_rule_acts e where e.rule = new.rule and e.act = 'end')
      or (new.act = 'withdraw' and not exists (select 1 from hold_rule_acts a where a.rule = new.rule
        and a.person = new.person and a.act = 'approve'))) then raise exception using message = 'only a rule that stands is approved, withdrawn or ended', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_of_a_rule before insert on hold_rule_acts for each row execute function hold_rule_acts_of_a_rule()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_of_a_rule
--;;
create or replace function hold_rule_acts_by_another() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.act <> 'end' and exists (select 1 from hold_rules r where r.id = new.rule
      and r.proposer = new.person)) then raise exception using message = 'no one approves their own proposal', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_by_another before insert on hold_rule_acts for each row execute function hold_rule_acts_by_another()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_by_another
--;;
create or replace function hold_rule_acts_by_their_role() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'hold_rule_acts: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.person order by id for update; if ((new.act <> 'end' and not exists (select 1 from roles r where r.person = new.person and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at)))
      or (new.act = 'end' and not exists (select 1 from roles r where r.person = new.person and r.role in ('analyst', 'approver', 'appeals_officer') and r.since <= new.at and (r.until is null or r.until > new.at)))) then raise exception using message = 'this person holds no role for this act at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_by_their_role before insert on hold_rule_acts for each row execute function hold_rule_acts_by_their_role()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_by_their_role
--;;
create or replace function hold_rule_acts_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.rule) is distinct from nullif(r.said #> '{rule}', 'null'::jsonb) or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.person) is distinct from nullif(r.said #> '{person}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.note) is distinct from nullif(r.said #> '{note}', 'null'::jsonb))) then raise exception using message = 'hold_rule_acts: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_agree_insert before insert on hold_rule_acts for each row execute function hold_rule_acts_agree_insert()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_agree_insert
--;;
create or replace function hold_rule_acts_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.rule) is distinct from nullif(r.said #> '{rule}', 'null'::jsonb) or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.person) is distinct from nullif(r.said #> '{person}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.note) is distinct from nullif(r.said #> '{note}', 'null'::jsonb))) then raise exception using message = 'hold_rule_acts: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rule_acts_agree_update before update on hold_rule_acts for each row execute function hold_rule_acts_agree_update()
--;;
alter table hold_rule_acts enable always trigger hold_rule_acts_agree_update
--;;
create or replace function hold_rules_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from hold_rules where id = new.id)) then raise exception using message = 'hold_rules: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_no_replace before insert on hold_rules for each row execute function hold_rules_no_replace()
--;;
alter table hold_rules enable always trigger hold_rules_no_replace
--;;
create or replace function hold_rules_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'hold_rules: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger hold_rules_no_delete before delete on hold_rules for each row execute function hold_rules_no_delete()
--;;
alter table hold_rules enable always trigger hold_rules_no_delete
--;;
create or replace function hold_rules_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'hold_rules: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger hold_rules_no_truncate before truncate on hold_rules for each statement execute function hold_rules_no_truncate()
--;;
alter table hold_rules enable always trigger hold_rules_no_truncate
--;;
create or replace function hold_rules_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.jurisdiction is distinct from old.jurisdiction or new.legal_basis is distinct from old.legal_basis or new.hours is distinct from old.hours or new.law_hours is distinct from old.law_hours or new.least_indicators is distinct from old.least_indicators or new.proposer is distinct from old.proposer or new.needed is distinct from old.needed or new.proposed_at is distinct from old.proposed_at or new.expires_at is distinct from old.expires_at or new.laboratory is distinct from old.laboratory)), false)) then raise exception using message = 'hold_rules is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_no_update before update on hold_rules for each row execute function hold_rules_no_update()
--;;
alter table hold_rules enable always trigger hold_rules_no_update
--;;
create or replace function hold_rules_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.jurisdiction), '') = '' or coalesce(trim(new.legal_basis), '') = '' or coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.proposer), '') = '' or coalesce(trim(new.proposed_at), '') = '' or coalesce(trim(new.expires_at), '') = '') then raise exception using message = 'hold_rules: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_said before insert on hold_rules for each row execute function hold_rules_said()
--;;
alter table hold_rules enable always trigger hold_rules_said
--;;
create or replace function hold_rules_within_law() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(not (new.needed >= 1 and new.hours >= 1 and new.hours <= new.law_hours
      and new.least_indicators >= 2 and new.expires_at > new.proposed_at), true)) then raise exception using message = 'a hold ends within the law''s time, and needs another approver', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_within_law before insert on hold_rules for each row execute function hold_rules_within_law()
--;;
alter table hold_rules enable always trigger hold_rules_within_law
--;;
create or replace function hold_rules_within_a_year() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.expires_at::timestamptz
          > new.proposed_at::timestamptz + 366 * interval '24 hours') then raise exception using message = 'a rule ends within a year', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_within_a_year before insert on hold_rules for each row execute function hold_rules_within_a_year()
--;;
alter table hold_rules enable always trigger hold_rules_within_a_year
--;;
create or replace function hold_rules_by_an_analyst() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'hold_rules: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.proposer order by id for update; if (not exists (select 1 from roles r where r.person = new.proposer and r.role in ('analyst', 'approver') and r.since <= new.proposed_at and (r.until is null or r.until > new.proposed_at))) then raise exception using message = 'the proposer is not an analyst or approver at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_by_an_analyst before insert on hold_rules for each row execute function hold_rules_by_an_analyst()
--;;
alter table hold_rules enable always trigger hold_rules_by_an_analyst
--;;
create or replace function hold_rules_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.jurisdiction) is distinct from nullif(r.said #> '{jurisdiction}', 'null'::jsonb) or to_jsonb(new.legal_basis) is distinct from nullif(r.said #> '{legal_basis}', 'null'::jsonb) or to_jsonb(new.hours) is distinct from nullif(r.said #> '{hours}', 'null'::jsonb) or to_jsonb(new.law_hours) is distinct from nullif(r.said #> '{law_hours}', 'null'::jsonb) or to_jsonb(new.least_indicators) is distinct from nullif(r.said #> '{least_indicators}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.proposer) is distinct from nullif(r.said #> '{proposer}', 'null'::jsonb) or to_jsonb(new.needed) is distinct from nullif(r.said #> '{needed}', 'null'::jsonb) or to_jsonb(new.proposed_at) is distinct from nullif(r.said #> '{proposed_at}', 'null'::jsonb) or to_jsonb(new.expires_at) is distinct from nullif(r.said #> '{expires_at}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb))) then raise exception using message = 'hold_rules: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_agree_insert before insert on hold_rules for each row execute function hold_rules_agree_insert()
--;;
alter table hold_rules enable always trigger hold_rules_agree_insert
--;;
create or replace function hold_rules_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.jurisdiction) is distinct from nullif(r.said #> '{jurisdiction}', 'null'::jsonb) or to_jsonb(new.legal_basis) is distinct from nullif(r.said #> '{legal_basis}', 'null'::jsonb) or to_jsonb(new.hours) is distinct from nullif(r.said #> '{hours}', 'null'::jsonb) or to_jsonb(new.law_hours) is distinct from nullif(r.said #> '{law_hours}', 'null'::jsonb) or to_jsonb(new.least_indicators) is distinct from nullif(r.said #> '{least_indicators}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.proposer) is distinct from nullif(r.said #> '{proposer}', 'null'::jsonb) or to_jsonb(new.needed) is distinct from nullif(r.said #> '{needed}', 'null'::jsonb) or to_jsonb(new.proposed_at) is distinct from nullif(r.said #> '{proposed_at}', 'null'::jsonb) or to_jsonb(new.expires_at) is distinct from nullif(r.said #> '{expires_at}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb))) then raise exception using message = 'hold_rules: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger hold_rules_agree_update before update on hold_rules for each row execute function hold_rules_agree_update()
--;;
alter table hold_rules enable always trigger hold_rules_agree_update
--;;
create or replace function holds_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from holds where id = new.id) or exists (select 1 from holds where payment = new.payment and laboratory = new.laboratory)) then raise exception using message = 'holds: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_no_replace before insert on holds for each row execute function holds_no_replace()
--;;
alter table holds enable always trigger holds_no_replace
--;;
create or replace function holds_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'holds: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger holds_no_delete before delete on holds for each row execute function holds_no_delete()
--;;
alter table holds enable always trigger holds_no_delete
--;;
create or replace function holds_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'holds: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger holds_no_truncate before truncate on holds for each statement execute function holds_no_truncate()
--;;
alter table holds enable always trigger holds_no_truncate
--;;
create or replace function holds_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'holds is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_no_update before update on holds for each row execute function holds_no_update()
--;;
alter table holds enable always trigger holds_no_update
--;;
create or replace function holds_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.rule), '') = '' or coalesce(trim(new.case_id), '') = '' or coalesce(trim(new.assessment), '') = '' or coalesce(trim(new.began_at), '') = '' or coalesce(trim(new.until_at), '') = '') then raise exception using message = 'holds: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_said before insert on holds for each row execute function holds_said()
--;;
alter table holds enable always trigger holds_said
--;;
create or replace function holds_pseudonym() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if ((new.account !~ '^account:[0-9a-f]{32}$') or (new.payment !~ '^payment:[0-9a-f]{32}$')) then raise exception using message = 'an account and a payment are named by pseudonyms and nothing else', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_pseudonym before insert on holds for each row execute function holds_pseudonym()
--;;
alter table holds enable always trigger holds_pseudonym
--;;
create or replace function holds_by_a_rule() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'holds: written under read committed only', errcode = '23000'; end if; perform 1 from hold_rules where id = new.rule for update; if (not exists (select 1 from hold_rules r where r.id = new.rule and r.laboratory = new.laboratory
      and r.proposed_at <= new.began_at and new.began_at < r.expires_at
      and not exists (select 1 from hold_rule_acts e where e.rule = r.id and e.act = 'end')
      and (select count(distinct a.person) from hold_rule_acts a where a.rule = r.id and a.act = 'approve'
        and a.at <= new.began_at and a.person <> r.proposer
        and not exists (select 1 from hold_rule_acts w where w.rule = a.rule and w.person = a.person
          and w.act = 'withdraw')) >= r.needed)) then raise exception using message = 'a payment is held only by a rule that people approved and that stands', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_by_a_rule before insert on holds for each row execute function holds_by_a_rule()
--;;
alter table holds enable always trigger holds_by_a_rule
--;;
create or replace function holds_covered() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from hold_rules r join cases c on c.id = new.case_id
  where r.id = new.rule and c.jurisdiction = r.jurisdiction and c.provision = ringfence_record(r.record) ->> 'provision'
  and (ringfence_record(new.record) #>> '{grounds,score}')::integer >= (ringfence_record(r.record) ->> 'least_score')::integer and (select count(distinct f.value) from jsonb_array_elements_text(ringfence_record(new.record) #> '{grounds,typologies}') as f(value)) >= r.least_indicators and jsonb_array_length(ringfence_record(new.record) #> '{grounds,transactions}') > 0
  and exists (select 1 from jsonb_array_elements_text(ringfence_record(new.record) #> '{grounds,typologies}') as f(value) join jsonb_array_elements_text(ringfence_record(r.record) -> 'typologies') as n(value) on f.value = n.value))) then raise exception using message = 'the rule does not cover what is said of this account', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_covered before insert on holds for each row execute function holds_covered()
--;;
alter table holds enable always trigger holds_covered
--;;
create or replace function holds_time() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from hold_rules r where r.id = new.rule and new.until_at > new.began_at
          and new.until_at::timestamptz <= new.began_at::timestamptz + r.hours * interval '1 hour')) then raise exception using message = 'a hold ends by itself within the time of its rule', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_time before insert on holds for each row execute function holds_time()
--;;
alter table holds enable always trigger holds_time
--;;
create or replace function holds_on_an_assessment() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'holds: written under read committed only', errcode = '23000'; end if; perform 1 from cases where id = new.case_id for update; if (not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open'
      and c.subject = new.account and c.laboratory = new.laboratory)
      or coalesce((select l.outcome from case_events l where l.case_id = new.case_id
        and l.kind = 'assessed' and l.about = new.assessment and l.at <= new.began_at
        and l.seq = (select max(m.seq)
          from case_events m where m.case_id = new.case_id and m.kind = 'assessed')), '') <> 'actionable') then raise exception using message = 'a hold rests on an assessment that is made out, with every exclusion found not to apply', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_on_an_assessment before insert on holds for each row execute function holds_on_an_assessment()
--;;
alter table holds enable always trigger holds_on_an_assessment
--;;
create or replace function holds_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.rule) is distinct from nullif(r.said #> '{rule}', 'null'::jsonb) or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.account) is distinct from nullif(r.said #> '{account}', 'null'::jsonb) or to_jsonb(new.payment) is distinct from nullif(r.said #> '{payment}', 'null'::jsonb) or to_jsonb(new.assessment) is distinct from nullif(r.said #> '{assessment}', 'null'::jsonb) or to_jsonb(new.began_at) is distinct from nullif(r.said #> '{began_at}', 'null'::jsonb) or to_jsonb(new.until_at) is distinct from nullif(r.said #> '{until_at}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb))) then raise exception using message = 'holds: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_agree_insert before insert on holds for each row execute function holds_agree_insert()
--;;
alter table holds enable always trigger holds_agree_insert
--;;
create or replace function holds_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.rule) is distinct from nullif(r.said #> '{rule}', 'null'::jsonb) or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.account) is distinct from nullif(r.said #> '{account}', 'null'::jsonb) or to_jsonb(new.payment) is distinct from nullif(r.said #> '{payment}', 'null'::jsonb) or to_jsonb(new.assessment) is distinct from nullif(r.said #> '{assessment}', 'null'::jsonb) or to_jsonb(new.began_at) is distinct from nullif(r.said #> '{began_at}', 'null'::jsonb) or to_jsonb(new.until_at) is distinct from nullif(r.said #> '{until_at}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb))) then raise exception using message = 'holds: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger holds_agree_update before update on holds for each row execute function holds_agree_update()
--;;
alter table holds enable always trigger holds_agree_update
--;;
create or replace function leaves_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from leaves where idx = new.idx)) then raise exception using message = 'leaves: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger leaves_no_replace before insert on leaves for each row execute function leaves_no_replace()
--;;
alter table leaves enable always trigger leaves_no_replace
--;;
create or replace function leaves_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'leaves: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger leaves_no_delete before delete on leaves for each row execute function leaves_no_delete()
--;;
alter table leaves enable always trigger leaves_no_delete
--;;
create or replace function leaves_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'leaves: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger leaves_no_truncate before truncate on leaves for each statement execute function leaves_no_truncate()
--;;
alter table leaves enable always trigger leaves_no_truncate
--;;
create or replace function leaves_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'leaves is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger leaves_no_update before update on leaves for each row execute function leaves_no_update()
--;;
alter table leaves enable always trigger leaves_no_update
--;;
create or replace function leaves_no_gap() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.idx < 0 or (new.idx > 0 and not exists (select 1 from leaves where idx = new.idx - 1))) then raise exception using message = 'leaves: the next index and no other', errcode = '23000'; end if; return new; end $$
--;;
create trigger leaves_no_gap before insert on leaves for each row execute function leaves_no_gap()
--;;
alter table leaves enable always trigger leaves_no_gap
--;;
create or replace function log_keys_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from log_keys where number = new.number) or exists (select 1 from log_keys where vkey = new.vkey)) then raise exception using message = 'log_keys: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger log_keys_no_replace before insert on log_keys for each row execute function log_keys_no_replace()
--;;
alter table log_keys enable always trigger log_keys_no_replace
--;;
create or replace function log_keys_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'log_keys: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger log_keys_no_delete before delete on log_keys for each row execute function log_keys_no_delete()
--;;
alter table log_keys enable always trigger log_keys_no_delete
--;;
create or replace function log_keys_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'log_keys: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger log_keys_no_truncate before truncate on log_keys for each statement execute function log_keys_no_truncate()
--;;
alter table log_keys enable always trigger log_keys_no_truncate
--;;
create or replace function log_keys_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'log_keys is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger log_keys_no_update before update on log_keys for each row execute function log_keys_no_update()
--;;
alter table log_keys enable always trigger log_keys_no_update
--;;
create or replace function notice_deferrals_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from notice_deferrals where id = new.id)) then raise exception using message = 'notice_deferrals: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_no_replace before insert on notice_deferrals for each row execute function notice_deferrals_no_replace()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_no_replace
--;;
create or replace function notice_deferrals_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'notice_deferrals: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger notice_deferrals_no_delete before delete on notice_deferrals for each row execute function notice_deferrals_no_delete()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_no_delete
--;;
create or replace function notice_deferrals_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'notice_deferrals: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger notice_deferrals_no_truncate before truncate on notice_deferrals for each statement execute function notice_deferrals_no_truncate()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_no_truncate
--;;
create or replace function notice_deferrals_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.order_id is distinct from old.order_id or new.ground is distinct from old.ground or new.decider is distinct from old.decider or new.review_at is distinct from old.review_at or new.at is distinct from old.at)), false)) then raise exception using message = 'notice_deferrals is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_no_update before update on notice_deferrals for each row execute function notice_deferrals_no_update()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_no_update
--;;
create or replace function notice_deferrals_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.ground), '') = '' or coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.decider), '') = '' or coalesce(trim(new.review_at), '') = '' or coalesce(trim(new.at), '') = '') then raise exception using message = 'notice_deferrals: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_said before insert on notice_deferrals for each row execute function notice_deferrals_said()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_said
--;;
create or replace function notice_deferrals_by_law() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'notice_deferrals: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = new.order_id for update; if (new.review_at <= new.at or not exists (select 1 from orders o where o.id = new.order_id
      and o.state in ('proposed', 'approved', 'active', 'suspended') and o.notice = 'deferred' and trim(o.notice_basis) <> ''
      and new.review_at <= o.expires_at)) then raise exception using message = 'notice is deferred only where a text says so, and not for good', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_by_law before insert on notice_deferrals for each row execute function notice_deferrals_by_law()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_by_law
--;;
create or replace function notice_deferrals_by_another() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'notice_deferrals: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.decider order by id for update; if (not exists (select 1 from roles r where r.person = new.decider and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at)) or exists (select 1 from orders o
      where o.id = new.order_id and o.proposer = new.decider)) then raise exception using message = 'notice is deferred by an approver other than the proposer', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_by_another before insert on notice_deferrals for each row execute function notice_deferrals_by_another()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_by_another
--;;
create or replace function notice_deferrals_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.ground) is distinct from nullif(r.said #> '{ground}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.decider) is distinct from nullif(r.said #> '{decider}', 'null'::jsonb) or to_jsonb(new.review_at) is distinct from nullif(r.said #> '{review_at}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'notice_deferrals: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_agree_insert before insert on notice_deferrals for each row execute function notice_deferrals_agree_insert()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_agree_insert
--;;
create or replace function notice_deferrals_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.ground) is distinct from nullif(r.said #> '{ground}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.decider) is distinct from nullif(r.said #> '{decider}', 'null'::jsonb) or to_jsonb(new.review_at) is distinct from nullif(r.said #> '{review_at}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'notice_deferrals: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deferrals_agree_update before update on notice_deferrals for each row execute function notice_deferrals_agree_update()
--;;
alter table notice_deferrals enable always trigger notice_deferrals_agree_update
--;;
create or replace function notice_deliveries_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from notice_deliveries where id = new.id)) then raise exception using message = 'notice_deliveries: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_no_replace before insert on notice_deliveries for each row execute function notice_deliveries_no_replace()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_no_replace
--;;
create or replace function notice_deliveries_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'notice_deliveries: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger notice_deliveries_no_delete before delete on notice_deliveries for each row execute function notice_deliveries_no_delete()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_no_delete
--;;
create or replace function notice_deliveries_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'notice_deliveries: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger notice_deliveries_no_truncate before truncate on notice_deliveries for each statement execute function notice_deliveries_no_truncate()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_no_truncate
--;;
create or replace function notice_deliveries_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.notice is distinct from old.notice or new.order_id is distinct from old.order_id or new.fate is distinct from old.fate or new.channel is distinct from old.channel or new.at is distinct from old.at or new.by_whom is distinct from old.by_whom)), false)) then raise exception using message = 'notice_deliveries is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_no_update before update on notice_deliveries for each row execute function notice_deliveries_no_update()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_no_update
--;;
create or replace function notice_deliveries_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.notice), '') = '' or coalesce(trim(new.fate), '') = '' or coalesce(trim(new.channel), '') = '' or coalesce(trim(new.at), '') = '' or coalesce(trim(new.by_whom), '') = '') then raise exception using message = 'notice_deliveries: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_said before insert on notice_deliveries for each row execute function notice_deliveries_said()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_said
--;;
create or replace function notice_deliveries_of_a_notice() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(new.fate, '') not in ('sent', 'delivered', 'failed')
      or (new.fate = 'failed' and coalesce(trim(new.why), '') = '')
      or not exists (select 1 from notices n where n.id = new.notice and n.order_id = new.order_id
        and n.at <= new.at)) then raise exception using message = 'a delivery is of a notice, and says why where it failed', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_of_a_notice before insert on notice_deliveries for each row execute function notice_deliveries_of_a_notice()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_of_a_notice
--;;
create or replace function notice_deliveries_by_the_desk() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'notice_deliveries: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.by_whom order by id for update; if (new.by_whom <> 'ringfence' and not exists (select 1 from roles r where r.person = new.by_whom and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) then raise exception using message = 'this person delivers no notices at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_by_the_desk before insert on notice_deliveries for each row execute function notice_deliveries_by_the_desk()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_by_the_desk
--;;
create or replace function notice_deliveries_by_the_house() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.by_whom = 'ringfence' and not exists (select 1 from case_events e where e.about = new.notice
      and e.kind = 'sending' and e.at <= new.at)) then raise exception using message = 'the house delivers only what it has begun to send', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_by_the_house before insert on notice_deliveries for each row execute function notice_deliveries_by_the_house()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_by_the_house
--;;
create or replace function notice_deliveries_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.notice) is distinct from nullif(r.said #> '{notice}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.fate) is distinct from nullif(r.said #> '{fate}', 'null'::jsonb) or to_jsonb(new.channel) is distinct from nullif(r.said #> '{channel}', 'null'::jsonb) or to_jsonb(new.why) is distinct from nullif(r.said #> '{why}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.by_whom) is distinct from nullif(r.said #> '{by}', 'null'::jsonb))) then raise exception using message = 'notice_deliveries: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_agree_insert before insert on notice_deliveries for each row execute function notice_deliveries_agree_insert()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_agree_insert
--;;
create or replace function notice_deliveries_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.notice) is distinct from nullif(r.said #> '{notice}', 'null'::jsonb) or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.fate) is distinct from nullif(r.said #> '{fate}', 'null'::jsonb) or to_jsonb(new.channel) is distinct from nullif(r.said #> '{channel}', 'null'::jsonb) or to_jsonb(new.why) is distinct from nullif(r.said #> '{why}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.by_whom) is distinct from nullif(r.said #> '{by}', 'null'::jsonb))) then raise exception using message = 'notice_deliveries: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger notice_deliveries_agree_update before update on notice_deliveries for each row execute function notice_deliveries_agree_update()
--;;
alter table notice_deliveries enable always trigger notice_deliveries_agree_update
--;;
create or replace function notices_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from notices where id = new.id)) then raise exception using message = 'notices: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_no_replace before insert on notices for each row execute function notices_no_replace()
--;;
alter table notices enable always trigger notices_no_replace
--;;
create or replace function notices_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'notices: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger notices_no_delete before delete on notices for each row execute function notices_no_delete()
--;;
alter table notices enable always trigger notices_no_delete
--;;
create or replace function notices_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'notices: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger notices_no_truncate before truncate on notices for each statement execute function notices_no_truncate()
--;;
alter table notices enable always trigger notices_no_truncate
--;;
create or replace function notices_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not coalesce((exists (select 1 from redactions r where r.act = 'erase' and r.row_id = old.id
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.order_id is distinct from old.order_id or new.language is distinct from old.language or new.timing is distinct from old.timing or new.at is distinct from old.at or new.by_whom is distinct from old.by_whom or new.reply_until is distinct from old.reply_until or new.due_at is distinct from old.due_at)), false)) then raise exception using message = 'notices is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_no_update before update on notices for each row execute function notices_no_update()
--;;
alter table notices enable always trigger notices_no_update
--;;
create or replace function notices_said() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.order_id), '') = '' or coalesce(trim(new.recipient), '') = '' or coalesce(trim(new.language), '') = '' or coalesce(trim(new.text), '') = '' or coalesce(trim(new.timing), '') = '' or coalesce(trim(new.at), '') = '' or coalesce(trim(new.by_whom), '') = '') then raise exception using message = 'notices: something is left blank', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_said before insert on notices for each row execute function notices_said()
--;;
alter table notices enable always trigger notices_said
--;;
create or replace function notices_of_a_live_order() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'notices: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = new.order_id for update; if (coalesce(new.timing, '') not in ('before', 'after')
      or not exists (select 1 from orders o where o.id = new.order_id and o.state in ('proposed', 'approved', 'active', 'suspended')
        and o.proposed_at <= new.at)) then raise exception using message = 'a notice is of a live order, and not of another time', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_of_a_live_order before insert on notices for each row execute function notices_of_a_live_order()
--;;
alter table notices enable always trigger notices_of_a_live_order
--;;
create or replace function notices_by_the_desk() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'notices: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.by_whom order by id for update; if (new.by_whom <> 'ringfence' and not exists (select 1 from roles r where r.person = new.by_whom and r.role in ('analyst', 'approver') and r.since <= new.at and (r.until is null or r.until > new.at))) then raise exception using message = 'this person gives no notices at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_by_the_desk before insert on notices for each row execute function notices_by_the_desk()
--;;
alter table notices enable always trigger notices_by_the_desk
--;;
create or replace function notices_window() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if ((new.timing = 'before' and coalesce(new.reply_until, '') <= new.at) or (new.timing = 'after' and coalesce(new.due_at, '') < new.at)) then raise exception using message = 'a notice before the measure gives time to reply; one after is due', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_window before insert on notices for each row execute function notices_window()
--;;
alter table notices enable always trigger notices_window
--;;
create or replace function notices_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.recipient) is distinct from nullif(r.said #> '{recipient}', 'null'::jsonb) or to_jsonb(new.language) is distinct from nullif(r.said #> '{language}', 'null'::jsonb) or to_jsonb(new.text) is distinct from nullif(r.said #> '{text}', 'null'::jsonb) or to_jsonb(new.timing) is distinct from nullif(r.said #> '{when}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.by_whom) is distinct from nullif(r.said #> '{by}', 'null'::jsonb) or to_jsonb(new.reply_until) is distinct from nullif(r.said #> '{reply_until}', 'null'::jsonb) or to_jsonb(new.due_at) is distinct from nullif(r.said #> '{due_at}', 'null'::jsonb))) then raise exception using message = 'notices: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_agree_insert before insert on notices for each row execute function notices_agree_insert()
--;;
alter table notices enable always trigger notices_agree_insert
--;;
create or replace function notices_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.order_id) is distinct from nullif(r.said #> '{order}', 'null'::jsonb) or to_jsonb(new.recipient) is distinct from nullif(r.said #> '{recipient}', 'null'::jsonb) or to_jsonb(new.language) is distinct from nullif(r.said #> '{language}', 'null'::jsonb) or to_jsonb(new.text) is distinct from nullif(r.said #> '{text}', 'null'::jsonb) or to_jsonb(new.timing) is distinct from nullif(r.said #> '{when}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.by_whom) is distinct from nullif(r.said #> '{by}', 'null'::jsonb) or to_jsonb(new.reply_until) is distinct from nullif(r.said #> '{reply_until}', 'null'::jsonb) or to_jsonb(new.due_at) is distinct from nullif(r.said #> '{due_at}', 'null'::jsonb))) then raise exception using message = 'notices: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger notices_agree_update before update on notices for each row execute function notices_agree_update()
--;;
alter table notices enable always trigger notices_agree_update
--;;
create or replace function observations_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from observations where id = new.id)) then raise exception using message = 'observations: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger observations_no_replace before insert on observations for each row execute function observations_no_replace()
--;;
alter table observations enable always trigger observations_no_replace
--;;
create or replace function observations_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'observations: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger observations_no_delete before delete on observations for each row execute function observations_no_delete()
--;;
alter table observations enable always trigger observations_no_delete
--;;
create or replace function observations_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'observations: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger observations_no_truncate before truncate on observations for each statement execute function observations_no_truncate()
--;;
alter table observations enable always trigger observations_no_truncate
--;;
create or replace function observations_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'observations is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger observations_no_update before update on observations for each row execute function observations_no_update()
--;;
alter table observations enable always trigger observations_no_update
--;;
create or replace function orders_pseudonym() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (substr(new.subject, 1, 8) = 'account:' and (new.subject !~ '^account:[0-9a-f]{32}$')) then raise exception using message = 'an account is named by its pseudonym and nothing else', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_pseudonym before insert on orders for each row execute function orders_pseudonym()
--;;
alter table orders enable always trigger orders_pseudonym
--;;
create or replace function orders_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from orders where id = new.id)) then raise exception using message = 'orders: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_no_replace before insert on orders for each row execute function orders_no_replace()
--;;
alter table orders enable always trigger orders_no_replace
--;;
create or replace function orders_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'orders: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger orders_no_delete before delete on orders for each row execute function orders_no_delete()
--;;
alter table orders enable always trigger orders_no_delete
--;;
create or replace function orders_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'orders: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger orders_no_truncate before truncate on orders for each statement execute function orders_no_truncate()
--;;
alter table orders enable always trigger orders_no_truncate
--;;
create or replace function orders_begin_proposed() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.state is distinct from 'proposed' or new.activated_at is not null or new.ended_at is not null or new.moved_at <> new.proposed_at) then raise exception using message = 'an order begins as proposed', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_begin_proposed before insert on orders for each row execute function orders_begin_proposed()
--;;
alter table orders enable always trigger orders_begin_proposed
--;;
create or replace function orders_need_another() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.needed is null or new.needed < 1) then raise exception using message = 'an order needs at least one approver besides its proposer', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_need_another before insert on orders for each row execute function orders_need_another()
--;;
alter table orders enable always trigger orders_need_another
--;;
create or replace function orders_complete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.legal_basis), '') = '' or coalesce(trim(new.authority), '') = '' or coalesce(trim(new.appeal), '') = '' or coalesce(trim(new.notice), '') = '' or coalesce(trim(new.expires_at), '') = '' or coalesce(trim(new.proposed_at), '') = '' or new.expires_at <= new.proposed_at) then raise exception using message = 'an order needs reasons, legal basis, appeal, notice and expiry', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_complete before insert on orders for each row execute function orders_complete()
--;;
alter table orders enable always trigger orders_complete
--;;
create or replace function orders_by_an_analyst() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'orders: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.proposer for update; if (not exists (select 1 from roles r where r.person = new.proposer and r.role in ('analyst', 'approver') and r.since <= new.proposed_at and (r.until is null or r.until > new.proposed_at))) then raise exception using message = 'the proposer is not an analyst or approver at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_by_an_analyst before insert on orders for each row execute function orders_by_an_analyst()
--;;
alter table orders enable always trigger orders_by_an_analyst
--;;
create or replace function orders_in_an_open_case() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'orders: written under read committed only', errcode = '23000'; end if; perform 1 from cases where id = new.case_id for update; if (not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open' and c.subject = new.subject and c.laboratory = new.laboratory)) then raise exception using message = 'an order belongs to an open case of the same subject', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_in_an_open_case before insert on orders for each row execute function orders_in_an_open_case()
--;;
alter table orders enable always trigger orders_in_an_open_case
--;;
create or replace function orders_override() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (ringfence_record(convert_to(new.overrides, 'UTF8')) is null or exists (select 1 from jsonb_array_elements(
        case jsonb_typeof(ringfence_record(convert_to(new.overrides, 'UTF8'))) when 'array' then ringfence_record(convert_to(new.overrides, 'UTF8')) else '[null]'::jsonb end) o where
        jsonb_typeof(o) <> 'object' or coalesce(o ->> 'reason', '') not in ('protected.popular', 'protected.price_data', 'others.host_of_another_subject', 'others.wildcard_covers_another_subject')
        or length(trim(coalesce(o ->> 'ground', ''))) < 20)) then raise exception using message = 'this reason of the guard cannot be overridden, or not without a ground', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_override before insert on orders for each row execute function orders_override()
--;;
alter table orders enable always trigger orders_override
--;;
create or replace function orders_renews_one_before() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.renews is not null and not exists (select 1 from orders o where o.id = new.renews and o.subject = new.subject and o.laboratory = new.laboratory)) then raise exception using message = 'a renewal refers to an order of the same subject', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_renews_one_before before insert on orders for each row execute function orders_renews_one_before()
--;;
alter table orders enable always trigger orders_renews_one_before
--;;
create or replace function orders_on_an_assessment() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from case_events e where e.case_id = new.case_id and e.kind = 'assessed'
  and e.about = new.assessment and e.outcome = 'actionable')) then raise exception using message = 'an order rests on an assessment that is made out, with every exclusion found not to apply', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_on_an_assessment before insert on orders for each row execute function orders_on_an_assessment()
--;;
alter table orders enable always trigger orders_on_an_assessment
--;;
create or replace function orders_still_made_out() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'orders: written under read committed only', errcode = '23000'; end if; perform 1 from cases where id = new.case_id for update; if (new.state in ('approved', 'active') and (not exists (select 1 from case_events e where e.case_id = new.case_id and e.kind = 'assessed'
  and e.about = new.assessment and e.outcome = 'actionable') or not (coalesce((select l.outcome from case_events l where l.case_id = new.case_id
  and l.kind = 'assessed' order by l.seq desc limit 1), '') = 'actionable'))) then raise exception using message = 'the latest assessment of the case is none to act on, or journalism is not ruled out', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_still_made_out before update on orders for each row execute function orders_still_made_out()
--;;
alter table orders enable always trigger orders_still_made_out
--;;
create or replace function orders_move() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (((new.id is distinct from old.id or new.case_id is distinct from old.case_id or new.subject is distinct from old.subject or new.host is distinct from old.host or new.subdomains is distinct from old.subdomains or new.addresses is distinct from old.addresses or new.overrides is distinct from old.overrides or new.assessment is distinct from old.assessment or new.measure is distinct from old.measure or new.legal_basis is distinct from old.legal_basis or new.reasons is distinct from old.reasons or new.authority is distinct from old.authority or new.addressee is distinct from old.addressee or new.notice is distinct from old.notice or new.notice_basis is distinct from old.notice_basis or new.reply_days is distinct from old.reply_days or new.urgency is distinct from old.urgency or new.urgency_reasons is distinct from old.urgency_reasons or new.renews is distinct from old.renews or new.appeal is distinct from old.appeal or new.policy is distinct from old.policy or new.proposer is distinct from old.proposer or new.needed is distinct from old.needed or new.proposed_at is distinct from old.proposed_at or new.expires_at is distinct from old.expires_at or new.review_at is distinct from old.review_at or new.laboratory is distinct from old.laboratory) or coalesce(new.moved_at < old.moved_at, true) or coalesce(not ((old.state = 'proposed' and new.state = 'approved' and new.activated_at is null
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
  and r.remainder = convert_from(new.record, 'UTF8')) and not (new.id is distinct from old.id or new.case_id is distinct from old.case_id or new.subject is distinct from old.subject or new.host is distinct from old.host or new.subdomains is distinct from old.subdomains or new.addresses is distinct from old.addresses or new.overrides is distinct from old.overrides or new.assessment is distinct from old.assessment or new.measure is distinct from old.measure or new.legal_basis is distinct from old.legal_basis or new.authority is distinct from old.authority or new.addressee is distinct from old.addressee or new.notice is distinct from old.notice or new.notice_basis is distinct from old.notice_basis or new.reply_days is distinct from old.reply_days or new.urgency is distinct from old.urgency or new.urgency_reasons is distinct from old.urgency_reasons or new.renews is distinct from old.renews or new.appeal is distinct from old.appeal or new.policy is distinct from old.policy or new.state is distinct from old.state or new.proposer is distinct from old.proposer or new.needed is distinct from old.needed or new.proposed_at is distinct from old.proposed_at or new.activated_at is distinct from old.activated_at or new.moved_at is distinct from old.moved_at or new.ended_at is distinct from old.ended_at or new.expires_at is distinct from old.expires_at or new.review_at is distinct from old.review_at or new.laboratory is distinct from old.laboratory)), false)) then raise exception using message = 'an order changes only by an allowed move of its state', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_move before update on orders for each row execute function orders_move()
--;;
alter table orders enable always trigger orders_move
--;;
create or replace function orders_told() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from case_events e where e.order_id = old.id and e.at = new.moved_at
      and e.kind = case when new.state = 'approved' then 'decided' when new.state = 'active' then
  case when old.state = 'suspended' then 'resumed' else 'activated' end else new.state end and (new.state <> 'active' or e.actor <> old.proposer))) then raise exception using message = 'every move of an order is told by an event of that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_told before update on orders for each row execute function orders_told()
--;;
alter table orders enable always trigger orders_told
--;;
create or replace function orders_four_eyes() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'orders: written under read committed only', errcode = '23000'; end if; perform 1 from orders where id = old.id for update; if (new.state in ('approved', 'active') and coalesce((select count(distinct a.approver) from approvals a
      where a.order_id = old.id and a.act = 'approve' and a.approver <> old.proposer
      and not exists (select 1 from approvals w where w.order_id = a.order_id
        and w.approver = a.approver and w.act = 'withdraw')) < old.needed, true)) then raise exception using message = 'an order becomes active only with its approvals', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_four_eyes before update on orders for each row execute function orders_four_eyes()
--;;
alter table orders enable always trigger orders_four_eyes
--;;
create or replace function orders_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.id) is distinct from nullif(r.said #> '{id}', 'null'::jsonb) or to_jsonb(new.subject) is distinct from nullif(r.said #> '{subject}', 'null'::jsonb) or to_jsonb(new.assessment) is distinct from nullif(r.said #> '{assessment}', 'null'::jsonb) or to_jsonb(new.measure) is distinct from nullif(r.said #> '{measure}', 'null'::jsonb) or to_jsonb(new.legal_basis) is distinct from nullif(r.said #> '{legal_basis}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.authority) is distinct from nullif(r.said #> '{authority}', 'null'::jsonb) or to_jsonb(new.addressee) is distinct from nullif(r.said #> '{addressee}', 'null'::jsonb) or to_jsonb(new.notice) is distinct from nullif(r.said #> '{notice}', 'null'::jsonb) or to_jsonb(new.notice_basis) is distinct from nullif(r.said #> '{notice_basis}', 'null'::jsonb) or to_jsonb(new.reply_days) is distinct from nullif(r.said #> '{reply_days}', 'null'::jsonb) or to_jsonb(new.urgency) is distinct from nullif(r.said #> '{urgency}', 'null'::jsonb) or to_jsonb(new.urgency_reasons) is distinct from nullif(r.said #> '{urgency_reasons}', 'null'::jsonb) or to_jsonb(new.renews) is distinct from nullif(r.said #> '{renews}', 'null'::jsonb) or to_jsonb(new.policy) is distinct from nullif(r.said #> '{policy}', 'null'::jsonb) or to_jsonb(new.state) is distinct from nullif(r.said #> '{state}', 'null'::jsonb) or to_jsonb(new.proposer) is distinct from nullif(r.said #> '{proposer}', 'null'::jsonb) or to_jsonb(new.needed) is distinct from nullif(r.said #> '{needed}', 'null'::jsonb) or to_jsonb(new.proposed_at) is distinct from nullif(r.said #> '{proposed_at}', 'null'::jsonb) or to_jsonb(new.activated_at) is distinct from nullif(r.said #> '{activated_at}', 'null'::jsonb) or to_jsonb(new.moved_at) is distinct from nullif(r.said #> '{moved_at}', 'null'::jsonb) or to_jsonb(new.ended_at) is distinct from nullif(r.said #> '{ended_at}', 'null'::jsonb) or to_jsonb(new.expires_at) is distinct from nullif(r.said #> '{expires_at}', 'null'::jsonb) or to_jsonb(new.review_at) is distinct from nullif(r.said #> '{review_at}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb) or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.host) is distinct from nullif(r.said #> '{scope,host}', 'null'::jsonb) or to_jsonb(new.subdomains) is distinct from nullif(r.said #> '{scope,subdomains}', 'null'::jsonb) or ringfence_record(convert_to(new.addresses, 'UTF8')) is distinct from nullif(r.said #> '{scope,addresses}', 'null'::jsonb) or ringfence_record(convert_to(new.overrides, 'UTF8')) is distinct from nullif(r.said #> '{overrides}', 'null'::jsonb))) then raise exception using message = 'orders: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_agree_insert before insert on orders for each row execute function orders_agree_insert()
--;;
alter table orders enable always trigger orders_agree_insert
--;;
create or replace function orders_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.id) is distinct from nullif(r.said #> '{id}', 'null'::jsonb) or to_jsonb(new.subject) is distinct from nullif(r.said #> '{subject}', 'null'::jsonb) or to_jsonb(new.assessment) is distinct from nullif(r.said #> '{assessment}', 'null'::jsonb) or to_jsonb(new.measure) is distinct from nullif(r.said #> '{measure}', 'null'::jsonb) or to_jsonb(new.legal_basis) is distinct from nullif(r.said #> '{legal_basis}', 'null'::jsonb) or to_jsonb(new.reasons) is distinct from nullif(r.said #> '{reasons}', 'null'::jsonb) or to_jsonb(new.authority) is distinct from nullif(r.said #> '{authority}', 'null'::jsonb) or to_jsonb(new.addressee) is distinct from nullif(r.said #> '{addressee}', 'null'::jsonb) or to_jsonb(new.notice) is distinct from nullif(r.said #> '{notice}', 'null'::jsonb) or to_jsonb(new.notice_basis) is distinct from nullif(r.said #> '{notice_basis}', 'null'::jsonb) or to_jsonb(new.reply_days) is distinct from nullif(r.said #> '{reply_days}', 'null'::jsonb) or to_jsonb(new.urgency) is distinct from nullif(r.said #> '{urgency}', 'null'::jsonb) or to_jsonb(new.urgency_reasons) is distinct from nullif(r.said #> '{urgency_reasons}', 'null'::jsonb) or to_jsonb(new.renews) is distinct from nullif(r.said #> '{renews}', 'null'::jsonb) or to_jsonb(new.policy) is distinct from nullif(r.said #> '{policy}', 'null'::jsonb) or to_jsonb(new.state) is distinct from nullif(r.said #> '{state}', 'null'::jsonb) or to_jsonb(new.proposer) is distinct from nullif(r.said #> '{proposer}', 'null'::jsonb) or to_jsonb(new.needed) is distinct from nullif(r.said #> '{needed}', 'null'::jsonb) or to_jsonb(new.proposed_at) is distinct from nullif(r.said #> '{proposed_at}', 'null'::jsonb) or to_jsonb(new.activated_at) is distinct from nullif(r.said #> '{activated_at}', 'null'::jsonb) or to_jsonb(new.moved_at) is distinct from nullif(r.said #> '{moved_at}', 'null'::jsonb) or to_jsonb(new.ended_at) is distinct from nullif(r.said #> '{ended_at}', 'null'::jsonb) or to_jsonb(new.expires_at) is distinct from nullif(r.said #> '{expires_at}', 'null'::jsonb) or to_jsonb(new.review_at) is distinct from nullif(r.said #> '{review_at}', 'null'::jsonb) or to_jsonb(new.laboratory) is distinct from nullif(r.said #> '{laboratory}', 'null'::jsonb) or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.host) is distinct from nullif(r.said #> '{scope,host}', 'null'::jsonb) or to_jsonb(new.subdomains) is distinct from nullif(r.said #> '{scope,subdomains}', 'null'::jsonb) or ringfence_record(convert_to(new.addresses, 'UTF8')) is distinct from nullif(r.said #> '{scope,addresses}', 'null'::jsonb) or ringfence_record(convert_to(new.overrides, 'UTF8')) is distinct from nullif(r.said #> '{overrides}', 'null'::jsonb))) then raise exception using message = 'orders: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_agree_update before update on orders for each row execute function orders_agree_update()
--;;
alter table orders enable always trigger orders_agree_update
--;;
create or replace function orders_heard() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.state = 'active' and not coalesce(((old.notice = 'none' and trim(old.notice_basis) <> '')
  or (old.notice = 'after' and exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at))
  or (old.notice = 'before' and exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at and n.timing = 'before' and n.reply_until <= new.moved_at
      and exists (select 1 from notice_deliveries d where d.notice = n.id and d.at::timestamptz + old.reply_days * interval '24 hours' <= new.moved_at::timestamptz)))
  or (old.notice = 'before' and trim(old.urgency) <> '' and trim(old.urgency_reasons) <> ''
    and exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at))
  or (old.notice = 'deferred' and trim(old.notice_basis) <> '' and exists (select 1
    from notice_deferrals f where f.order_id = old.id and f.at <= new.moved_at
    and (f.review_at > new.moved_at or exists (select 1 from notices n where n.order_id = old.id and n.at <= new.moved_at))))), false)) then raise exception using message = 'an order becomes active only with its notice given and the time to reply over, or lawfully without', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_heard before update on orders for each row execute function orders_heard()
--;;
alter table orders enable always trigger orders_heard
--;;
create or replace function orders_reply_considered() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.state = 'active' and exists (select 1 from case_events r where r.order_id = old.id
      and r.kind = 'replied' and not exists (select 1 from case_events c where c.order_id = old.id
        and c.kind = 'considered' and c.about = r.id))) then raise exception using message = 'a reply was given and nobody has considered it', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_reply_considered before update on orders for each row execute function orders_reply_considered()
--;;
alter table orders enable always trigger orders_reply_considered
--;;
create or replace function orders_not_after_partly() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.state = 'active' and exists (select 1 from appeal_rulings r where r.order_id = old.id
      and r.outcome <> 'dismissed')) then raise exception using message = 'an appeal succeeded in part: only a new, narrower order may follow', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_not_after_partly before update on orders for each row execute function orders_not_after_partly()
--;;
alter table orders enable always trigger orders_not_after_partly
--;;
create or replace function orders_smallest() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if ((new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,contact}')), '') = '') or (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,ask_geoblock}')), '') = '') or (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,warn_public}')), '') = '') or (new.measure in ('block_access', 'delist_app', 'close_site', 'close_account', 'revoke_licence') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,ask_host_registrar}')), '') = '') or (new.measure in ('limit_receiving', 'refuse_transactions', 'exit_relationship') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,warn_payers}')), '') = '') or (new.measure in ('refuse_transactions', 'exit_relationship') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,limit_receiving}')), '') = '') or (new.measure in ('exit_relationship') and coalesce(trim((ringfence_record(new.record) #>> '{why_not_smaller,refuse_transactions}')), '') = '')) then raise exception using message = 'an order says why no smaller measure does', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_smallest before insert on orders for each row execute function orders_smallest()
--;;
alter table orders enable always trigger orders_smallest
--;;
create or replace function orders_within_a_year() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(not (new.expires_at::timestamptz
          <= new.proposed_at::timestamptz + 366 * interval '24 hours'
          and new.review_at > new.proposed_at and new.review_at <= new.expires_at), true)) then raise exception using message = 'an order ends within a year, and is looked at again before', errcode = '23000'; end if; return new; end $$
--;;
create trigger orders_within_a_year before insert on orders for each row execute function orders_within_a_year()
--;;
alter table orders enable always trigger orders_within_a_year
--;;
create or replace function people_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from people where id = new.id)) then raise exception using message = 'people: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger people_no_replace before insert on people for each row execute function people_no_replace()
--;;
alter table people enable always trigger people_no_replace
--;;
create or replace function people_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'people: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger people_no_delete before delete on people for each row execute function people_no_delete()
--;;
alter table people enable always trigger people_no_delete
--;;
create or replace function people_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'people: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger people_no_truncate before truncate on people for each statement execute function people_no_truncate()
--;;
alter table people enable always trigger people_no_truncate
--;;
create or replace function people_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'people is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger people_no_update before update on people for each row execute function people_no_update()
--;;
alter table people enable always trigger people_no_update
--;;
create or replace function redactions_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from redactions where id = new.id)) then raise exception using message = 'redactions: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_no_replace before insert on redactions for each row execute function redactions_no_replace()
--;;
alter table redactions enable always trigger redactions_no_replace
--;;
create or replace function redactions_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'redactions: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger redactions_no_delete before delete on redactions for each row execute function redactions_no_delete()
--;;
alter table redactions enable always trigger redactions_no_delete
--;;
create or replace function redactions_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'redactions: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger redactions_no_truncate before truncate on redactions for each statement execute function redactions_no_truncate()
--;;
alter table redactions enable always trigger redactions_no_truncate
--;;
create or replace function redactions_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'redactions is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_no_update before update on redactions for each row execute function redactions_no_update()
--;;
alter table redactions enable always trigger redactions_no_update
--;;
create or replace function redactions_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.blob) is distinct from nullif(r.said #> '{blob}', 'null'::jsonb) or to_jsonb(new.scope) is distinct from nullif(r.said #> '{scope}', 'null'::jsonb) or to_jsonb(new.row_id) is distinct from nullif(r.said #> '{row}', 'null'::jsonb) or to_jsonb(new.remainder) is distinct from nullif(r.said #> '{remainder}', 'null'::jsonb) or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.standing) is distinct from nullif(r.said #> '{standing}', 'null'::jsonb) or to_jsonb(new.person) is distinct from nullif(r.said #> '{person}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'redactions: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_agree_insert before insert on redactions for each row execute function redactions_agree_insert()
--;;
alter table redactions enable always trigger redactions_agree_insert
--;;
create or replace function redactions_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.blob) is distinct from nullif(r.said #> '{blob}', 'null'::jsonb) or to_jsonb(new.scope) is distinct from nullif(r.said #> '{scope}', 'null'::jsonb) or to_jsonb(new.row_id) is distinct from nullif(r.said #> '{row}', 'null'::jsonb) or to_jsonb(new.remainder) is distinct from nullif(r.said #> '{remainder}', 'null'::jsonb) or to_jsonb(new.case_id) is distinct from nullif(r.said #> '{case}', 'null'::jsonb) or to_jsonb(new.standing) is distinct from nullif(r.said #> '{standing}', 'null'::jsonb) or to_jsonb(new.person) is distinct from nullif(r.said #> '{person}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb))) then raise exception using message = 'redactions: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_agree_update before update on redactions for each row execute function redactions_agree_update()
--;;
alter table redactions enable always trigger redactions_agree_update
--;;
create or replace function redactions_of_three_kinds() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(new.act, '') not in ('erase', 'hold', 'release') or coalesce(trim(new.person), '') = ''
      or case when new.blob is null then 0 else 1 end + case when new.scope is null then 0 else 1 end
        + case when new.row_id is null then 0 else 1 end <> 1
      or (new.blob is null) = (new.case_id is null)
      or (new.act = 'erase' and new.scope is not null)
      or (new.remainder is null) = (new.act = 'erase' and new.row_id is not null)
      or (new.standing is not null and (new.act <> 'erase' or new.blob is null))) then raise exception using message = 'a person erases, holds or releases', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_of_three_kinds before insert on redactions for each row execute function redactions_of_three_kinds()
--;;
alter table redactions enable always trigger redactions_of_three_kinds
--;;
create or replace function redactions_held() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'redactions: written under read committed only', errcode = '23000'; end if; perform 1 from observations where capture = new.blob for update; if (new.act = 'erase' and (select count(*) from redactions r where r.blob is not distinct from new.blob and r.scope is not distinct from new.scope
  and r.row_id is not distinct from new.row_id and r.act = 'hold') > (select count(*) from redactions r where r.blob is not distinct from new.blob and r.scope is not distinct from new.scope
  and r.row_id is not distinct from new.row_id and r.act = 'release')) then raise exception using message = 'a legal hold forbids this erasure', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_held before insert on redactions for each row execute function redactions_held()
--;;
alter table redactions enable always trigger redactions_held
--;;
create or replace function redactions_release_a_hold() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'redactions: written under read committed only', errcode = '23000'; end if; perform 1 from observations where capture = new.blob for update; perform 1 from redactions where scope = new.scope for update; if (new.act = 'release' and (select count(*) from redactions r where r.blob is not distinct from new.blob and r.scope is not distinct from new.scope
  and r.row_id is not distinct from new.row_id and r.act = 'hold') <= (select count(*) from redactions r where r.blob is not distinct from new.blob and r.scope is not distinct from new.scope
  and r.row_id is not distinct from new.row_id and r.act = 'release')) then raise exception using message = 'there is no hold to release', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_release_a_hold before insert on redactions for each row execute function redactions_release_a_hold()
--;;
alter table redactions enable always trigger redactions_release_a_hold
--;;
create or replace function redactions_by_standing_order() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'redactions: written under read committed only', errcode = '23000'; end if; perform 1 from retention_orders where id = new.standing for update; if (new.standing is not null and not exists (select 1 from retention_orders o where o.id = new.standing
      and o.act = 'order' and o.person = new.person and o.at <= new.at and o.until > new.at
      and not exists (select 1 from retention_orders e where e.about = o.id and e.act = 'end'))) then raise exception using message = 'no retention order in force orders this erasure', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_by_standing_order before insert on redactions for each row execute function redactions_by_standing_order()
--;;
alter table redactions enable always trigger redactions_by_standing_order
--;;
create or replace function redactions_by_an_administrator() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'redactions: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.person for update; if (new.standing is null and not exists (select 1 from roles r where r.person = new.person and r.role in ('administrator') and r.since <= new.at and (r.until is null or r.until > new.at))) then raise exception using message = 'this person is not an administrator at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_by_an_administrator before insert on redactions for each row execute function redactions_by_an_administrator()
--;;
alter table redactions enable always trigger redactions_by_an_administrator
--;;
create or replace function redactions_of_a_case() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.scope is not null and not (new.scope = new.case_id and exists (select 1 from cases c
      where c.id = new.scope)) and not exists (select 1 from orders o where o.id = new.scope
      and o.case_id = new.case_id)) then raise exception using message = 'a hold is on a blob, or on a case or an order in it', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_of_a_case before insert on redactions for each row execute function redactions_of_a_case()
--;;
alter table redactions enable always trigger redactions_of_a_case
--;;
create or replace function redactions_words_of_a_case() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (new.row_id is not null and not (exists (select 1 from case_events e where e.id = new.row_id and e.case_id = new.case_id)
  or exists (select 1 from orders o where o.id = new.row_id and o.case_id = new.case_id)
  or exists (select 1 from approvals a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from notices a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from notice_deliveries a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from notice_deferrals a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from appeals a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id) or exists (select 1 from appeal_rulings a join orders o on o.id = a.order_id where a.id = new.row_id and o.case_id = new.case_id))) then raise exception using message = 'the record is not of this case', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_words_of_a_case before insert on redactions for each row execute function redactions_words_of_a_case()
--;;
alter table redactions enable always trigger redactions_words_of_a_case
--;;
create or replace function redactions_held_by_case() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'redactions: written under read committed only', errcode = '23000'; end if; perform 1 from cases where id = new.case_id for update; perform 1 from cases where subject in (select o.subject from observations o where o.capture = new.blob) for update; if (new.act = 'erase' and (exists (select 1 from observations o join cases c on c.subject = o.subject where o.capture = new.blob and exists (select 1 from redactions h where h.case_id = c.id and h.scope is not null
  and h.act = 'hold' and (select count(*) from redactions a where a.scope = h.scope and a.act = 'hold') > (select count(*) from redactions a where a.scope = h.scope and a.act = 'release'))) or exists (select 1 from cases c where c.id = new.case_id and exists (select 1 from redactions h where h.case_id = c.id and h.scope is not null
  and h.act = 'hold' and (select count(*) from redactions a where a.scope = h.scope and a.act = 'hold') > (select count(*) from redactions a where a.scope = h.scope and a.act = 'release'))))) then raise exception using message = 'a legal hold forbids this erasure: it is on a case', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_held_by_case before insert on redactions for each row execute function redactions_held_by_case()
--;;
alter table redactions enable always trigger redactions_held_by_case
--;;
create or replace function redactions_needed() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'redactions: written under read committed only', errcode = '23000'; end if; perform 1 from cases where id = new.case_id for update; perform 1 from cases where subject in (select o.subject from observations o where o.capture = new.blob) for update; if (new.act = 'erase' and (exists (select 1 from observations o join cases c on c.subject = o.subject where o.capture = new.blob and (c.state = 'open' or exists (select 1 from orders r where r.case_id = c.id
  and (r.state in ('proposed', 'approved', 'active', 'suspended') or exists (select 1 from appeals p where p.order_id = r.id
    and not exists (select 1 from appeal_rulings d where d.appeal = p.id)))))) or exists (select 1 from cases c where c.id = new.case_id and (c.state = 'open' or exists (select 1 from orders r where r.case_id = c.id
  and (r.state in ('proposed', 'approved', 'active', 'suspended') or exists (select 1 from appeals p where p.order_id = r.id
    and not exists (select 1 from appeal_rulings d where d.appeal = p.id)))))))) then raise exception using message = 'an open case or a live order rests on this', errcode = '23000'; end if; return new; end $$
--;;
create trigger redactions_needed before insert on redactions for each row execute function redactions_needed()
--;;
alter table redactions enable always trigger redactions_needed
--;;
create or replace function retention_orders_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from retention_orders where id = new.id)) then raise exception using message = 'retention_orders: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_no_replace before insert on retention_orders for each row execute function retention_orders_no_replace()
--;;
alter table retention_orders enable always trigger retention_orders_no_replace
--;;
create or replace function retention_orders_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'retention_orders: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger retention_orders_no_delete before delete on retention_orders for each row execute function retention_orders_no_delete()
--;;
alter table retention_orders enable always trigger retention_orders_no_delete
--;;
create or replace function retention_orders_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'retention_orders: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger retention_orders_no_truncate before truncate on retention_orders for each statement execute function retention_orders_no_truncate()
--;;
alter table retention_orders enable always trigger retention_orders_no_truncate
--;;
create or replace function retention_orders_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'retention_orders is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_no_update before update on retention_orders for each row execute function retention_orders_no_update()
--;;
alter table retention_orders enable always trigger retention_orders_no_update
--;;
create or replace function retention_orders_agree_insert() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.about) is distinct from nullif(r.said #> '{about}', 'null'::jsonb) or to_jsonb(new.pack) is distinct from nullif(r.said #> '{pack}', 'null'::jsonb) or to_jsonb(new.kind) is distinct from nullif(r.said #> '{kind}', 'null'::jsonb) or to_jsonb(new.person) is distinct from nullif(r.said #> '{person}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.until) is distinct from nullif(r.said #> '{until}', 'null'::jsonb))) then raise exception using message = 'retention_orders: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_agree_insert before insert on retention_orders for each row execute function retention_orders_agree_insert()
--;;
alter table retention_orders enable always trigger retention_orders_agree_insert
--;;
create or replace function retention_orders_agree_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from (select ringfence_record(new.record) as said) r where r.said is null or to_jsonb(new.act) is distinct from nullif(r.said #> '{act}', 'null'::jsonb) or to_jsonb(new.about) is distinct from nullif(r.said #> '{about}', 'null'::jsonb) or to_jsonb(new.pack) is distinct from nullif(r.said #> '{pack}', 'null'::jsonb) or to_jsonb(new.kind) is distinct from nullif(r.said #> '{kind}', 'null'::jsonb) or to_jsonb(new.person) is distinct from nullif(r.said #> '{person}', 'null'::jsonb) or to_jsonb(new.at) is distinct from nullif(r.said #> '{at}', 'null'::jsonb) or to_jsonb(new.until) is distinct from nullif(r.said #> '{until}', 'null'::jsonb))) then raise exception using message = 'retention_orders: row and record differ', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_agree_update before update on retention_orders for each row execute function retention_orders_agree_update()
--;;
alter table retention_orders enable always trigger retention_orders_agree_update
--;;
create or replace function retention_orders_of_two_kinds() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (coalesce(new.act, '') not in ('order', 'end') or coalesce(trim(new.person), '') = ''
      or (new.act = 'order' and (new.about is not null or new.until <= new.at))) then raise exception using message = 'a person orders until a later day, or ends an order', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_of_two_kinds before insert on retention_orders for each row execute function retention_orders_of_two_kinds()
--;;
alter table retention_orders enable always trigger retention_orders_of_two_kinds
--;;
create or replace function retention_orders_ends_once() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'retention_orders: written under read committed only', errcode = '23000'; end if; perform 1 from retention_orders where id = new.about for update; if (new.act = 'end' and (not exists (select 1 from retention_orders o where o.id = new.about
      and o.act = 'order' and o.at <= new.at)
      or exists (select 1 from retention_orders e where e.about = new.about and e.act = 'end'))) then raise exception using message = 'there is no such order to end', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_ends_once before insert on retention_orders for each row execute function retention_orders_ends_once()
--;;
alter table retention_orders enable always trigger retention_orders_ends_once
--;;
create or replace function retention_orders_by_an_administrator() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'retention_orders: written under read committed only', errcode = '23000'; end if; perform 1 from roles where person = new.person for update; if (true and not exists (select 1 from roles r where r.person = new.person and r.role in ('administrator') and r.since <= new.at and (r.until is null or r.until > new.at))) then raise exception using message = 'this person is not an administrator at that time', errcode = '23000'; end if; return new; end $$
--;;
create trigger retention_orders_by_an_administrator before insert on retention_orders for each row execute function retention_orders_by_an_administrator()
--;;
alter table retention_orders enable always trigger retention_orders_by_an_administrator
--;;
create or replace function roles_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from roles where id = new.id)) then raise exception using message = 'roles: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_no_replace before insert on roles for each row execute function roles_no_replace()
--;;
alter table roles enable always trigger roles_no_replace
--;;
create or replace function roles_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'roles: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger roles_no_delete before delete on roles for each row execute function roles_no_delete()
--;;
alter table roles enable always trigger roles_no_delete
--;;
create or replace function roles_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'roles: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger roles_no_truncate before truncate on roles for each statement execute function roles_no_truncate()
--;;
alter table roles enable always trigger roles_no_truncate
--;;
create or replace function roles_ends_once() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if ((new.id is distinct from old.id or new.person is distinct from old.person or new.role is distinct from old.role or new.since is distinct from old.since or new.granted_by is distinct from old.granted_by) or old.until is not null or new.until is null or new.ended_by is null or new.until < old.since) then raise exception using message = 'a role can only be ended, once, and not before it began', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_ends_once before update on roles for each row execute function roles_ends_once()
--;;
alter table roles enable always trigger roles_ends_once
--;;
create or replace function roles_of_a_person() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (not exists (select 1 from people p where p.id = new.person)) then raise exception using message = 'a role belongs to a person on the list', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_of_a_person before insert on roles for each row execute function roles_of_a_person()
--;;
alter table roles enable always trigger roles_of_a_person
--;;
create or replace function roles_apart() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'roles: written under read committed only', errcode = '23000'; end if; perform 1 from people where id = new.person for update; if (exists (select 1 from roles r where r.person = new.person and r.role <> new.role
      and (r.until is null or r.until > new.since)
      and (new.role in ('auditor', 'administrator') or r.role in ('auditor', 'administrator')))) then raise exception using message = 'an auditor or administrator holds no other role at the same time', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_apart before insert on roles for each row execute function roles_apart()
--;;
alter table roles enable always trigger roles_apart
--;;
create or replace function roles_by_an_administrator() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from roles f where f.role = 'administrator') and not exists (select 1 from roles r where r.person = new.granted_by and r.role in ('administrator') and r.since <= new.since and (r.until is null or r.until > new.since))) then raise exception using message = 'only an administrator grants roles', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_by_an_administrator before insert on roles for each row execute function roles_by_an_administrator()
--;;
alter table roles enable always trigger roles_by_an_administrator
--;;
create or replace function roles_ended_by_an_administrator() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from roles f where f.role = 'administrator') and not exists (select 1 from roles r where r.person = new.ended_by and r.role in ('administrator') and r.since <= new.until and (r.until is null or r.until > new.until))) then raise exception using message = 'only an administrator ends roles', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_ended_by_an_administrator before update on roles for each row execute function roles_ended_by_an_administrator()
--;;
alter table roles enable always trigger roles_ended_by_an_administrator
--;;
create or replace function roles_keep_an_administrator() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if current_setting('transaction_isolation') <> 'read committed' then raise exception using message = 'roles: written under read committed only', errcode = '23000'; end if; perform 1 from roles where role = 'administrator' order by id for update; if (old.role = 'administrator' and not exists (select 1 from roles r where r.role = 'administrator'
      and r.id <> old.id and r.since <= new.until and r.until is null)) then raise exception using message = 'the last administrator stays', errcode = '23000'; end if; return new; end $$
--;;
create trigger roles_keep_an_administrator before update on roles for each row execute function roles_keep_an_administrator()
--;;
alter table roles enable always trigger roles_keep_an_administrator
--;;
create or replace function subject_versions_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from subject_versions where key = new.key)) then raise exception using message = 'subject_versions: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger subject_versions_no_replace before insert on subject_versions for each row execute function subject_versions_no_replace()
--;;
alter table subject_versions enable always trigger subject_versions_no_replace
--;;
create or replace function subject_versions_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'subject_versions: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger subject_versions_no_delete before delete on subject_versions for each row execute function subject_versions_no_delete()
--;;
alter table subject_versions enable always trigger subject_versions_no_delete
--;;
create or replace function subject_versions_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'subject_versions: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger subject_versions_no_truncate before truncate on subject_versions for each statement execute function subject_versions_no_truncate()
--;;
alter table subject_versions enable always trigger subject_versions_no_truncate
--;;
create or replace function subject_versions_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'subject_versions is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger subject_versions_no_update before update on subject_versions for each row execute function subject_versions_no_update()
--;;
alter table subject_versions enable always trigger subject_versions_no_update
--;;
create or replace function timestamps_no_replace() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (exists (select 1 from timestamps where number = new.number)) then raise exception using message = 'timestamps: this key exists', errcode = '23000'; end if; return new; end $$
--;;
create trigger timestamps_no_replace before insert on timestamps for each row execute function timestamps_no_replace()
--;;
alter table timestamps enable always trigger timestamps_no_replace
--;;
create or replace function timestamps_no_delete() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'timestamps: nothing is deleted', errcode = '23000'; end if; return old; end $$
--;;
create trigger timestamps_no_delete before delete on timestamps for each row execute function timestamps_no_delete()
--;;
alter table timestamps enable always trigger timestamps_no_delete
--;;
create or replace function timestamps_no_truncate() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin raise exception using message = 'timestamps: nothing is deleted', errcode = '23000'; end $$
--;;
create trigger timestamps_no_truncate before truncate on timestamps for each statement execute function timestamps_no_truncate()
--;;
alter table timestamps enable always trigger timestamps_no_truncate
--;;
create or replace function timestamps_no_update() returns trigger language plpgsql set search_path = public, pg_temp as $$ begin if (true) then raise exception using message = 'timestamps is append-only', errcode = '23000'; end if; return new; end $$
--;;
create trigger timestamps_no_update before update on timestamps for each row execute function timestamps_no_update()
--;;
alter table timestamps enable always trigger timestamps_no_update
