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
pragma defer_foreign_keys = on
--;;
create table orders_new (
	id VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	host VARCHAR NOT NULL, 
	subdomains BOOLEAN NOT NULL, 
	addresses TEXT NOT NULL, 
	overrides TEXT NOT NULL, 
	assessment VARCHAR NOT NULL, 
	measure VARCHAR NOT NULL, 
	legal_basis TEXT NOT NULL, 
	reasons TEXT NOT NULL, 
	authority TEXT NOT NULL, 
	addressee TEXT NOT NULL, 
	notice VARCHAR NOT NULL, 
	appeal TEXT NOT NULL, 
	policy VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	proposer VARCHAR NOT NULL, 
	needed INTEGER NOT NULL CHECK (needed >= 1), 
	proposed_at VARCHAR NOT NULL, 
	activated_at VARCHAR, 
	ended_at VARCHAR, 
	expires_at VARCHAR NOT NULL, 
	review_at VARCHAR NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (state in ('proposed', 'active', 'expired', 'revoked')), 
	CHECK (policy in ('nodata', 'nxdomain', 'redirect'))
)
 WITHOUT ROWID


--;;
insert into orders_new (id, case_id, subject, host, subdomains, assessment, measure, legal_basis, reasons, authority, addressee, notice, appeal, policy, state, proposer, needed, proposed_at, activated_at, ended_at, expires_at, review_at, laboratory, record, digest, addresses, overrides) select id, case_id, subject, host, subdomains, assessment, measure, legal_basis, reasons, authority, addressee, notice, appeal, policy, state, proposer, needed, proposed_at, activated_at, ended_at, expires_at, review_at, laboratory, record, digest, '[]', '[]' from orders
--;;
drop table orders
--;;
alter table orders_new rename to orders
--;;
pragma defer_foreign_keys = on
--;;
create table artefacts_new (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	serial INTEGER NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	made_at VARCHAR NOT NULL, 
	content_digest VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (id)
)
--;;
insert into artefacts_new (seq, id, target, serial, laboratory, made_at, content_digest, content, record, digest) select seq, id, target, serial, laboratory, made_at, content_digest, content, record, digest from artefacts
--;;
drop table artefacts
--;;
alter table artefacts_new rename to artefacts
--;;
CREATE TABLE deliveries (
	seq INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	order_id VARCHAR, 
	serial INTEGER NOT NULL, 
	orders INTEGER NOT NULL, 
	entries INTEGER NOT NULL, 
	through INTEGER NOT NULL, 
	laboratory BOOLEAN NOT NULL, 
	at VARCHAR NOT NULL, 
	record BLOB NOT NULL, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (seq), 
	CHECK (kind in ('update', 'withdrawal', 'reconciled')), 
	UNIQUE (id)
)
--;;
CREATE TABLE delivered (
	place VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	delivery VARCHAR NOT NULL, 
	seq INTEGER NOT NULL, 
	order_id VARCHAR NOT NULL, 
	held TEXT NOT NULL, 
	PRIMARY KEY (place, rule, delivery)
)
 WITHOUT ROWID


--;;
CREATE INDEX orders_by_state ON orders (state, laboratory, measure, host, id, expires_at, subject, subdomains, policy, addresses, overrides)
--;;
CREATE INDEX orders_by_case ON orders (case_id)
--;;
CREATE INDEX orders_by_expiry ON orders (state, expires_at)
--;;
CREATE INDEX artefacts_by_target ON artefacts (target, laboratory, seq)
--;;
CREATE INDEX deliveries_by_kind ON deliveries (place, laboratory, kind)
--;;
CREATE INDEX deliveries_by_place ON deliveries (place, laboratory, seq)
--;;
CREATE INDEX delivered_latest ON delivered (place, rule, seq)
--;;
CREATE TRIGGER leaves_no_replace before insert on leaves when exists (select 1 from leaves where idx is new.idx) or exists (select 1 from leaves where rowid is new.rowid) begin select raise(abort, 'leaves: this key exists'); end
--;;
CREATE TRIGGER leaves_no_delete before delete on leaves when 1 begin select raise(abort, 'leaves: nothing is deleted'); end
--;;
CREATE TRIGGER leaves_no_move before update on leaves when new.rowid is not old.rowid begin select raise(abort, 'leaves: a row keeps its number'); end
--;;
CREATE TRIGGER leaves_no_update before update on leaves when 1 begin select raise(abort, 'leaves is append-only'); end
--;;
CREATE TRIGGER observations_no_replace before insert on observations when exists (select 1 from observations where id is new.id) or exists (select 1 from observations where rowid is new.rowid) begin select raise(abort, 'observations: this key exists'); end
--;;
CREATE TRIGGER observations_no_delete before delete on observations when 1 begin select raise(abort, 'observations: nothing is deleted'); end
--;;
CREATE TRIGGER observations_no_move before update on observations when new.rowid is not old.rowid begin select raise(abort, 'observations: a row keeps its number'); end
--;;
CREATE TRIGGER observations_no_update before update on observations when 1 begin select raise(abort, 'observations is append-only'); end
--;;
CREATE TRIGGER subject_versions_no_replace before insert on subject_versions when exists (select 1 from subject_versions where key is new.key) or exists (select 1 from subject_versions where rowid is new.rowid) begin select raise(abort, 'subject_versions: this key exists'); end
--;;
CREATE TRIGGER subject_versions_no_delete before delete on subject_versions when 1 begin select raise(abort, 'subject_versions: nothing is deleted'); end
--;;
CREATE TRIGGER subject_versions_no_move before update on subject_versions when new.rowid is not old.rowid begin select raise(abort, 'subject_versions: a row keeps its number'); end
--;;
CREATE TRIGGER subject_versions_no_update before update on subject_versions when 1 begin select raise(abort, 'subject_versions is append-only'); end
--;;
CREATE TRIGGER findings_no_replace before insert on findings when exists (select 1 from findings where id is new.id) or exists (select 1 from findings where rowid is new.rowid) begin select raise(abort, 'findings: this key exists'); end
--;;
CREATE TRIGGER findings_no_delete before delete on findings when 1 begin select raise(abort, 'findings: nothing is deleted'); end
--;;
CREATE TRIGGER findings_no_move before update on findings when new.rowid is not old.rowid begin select raise(abort, 'findings: a row keeps its number'); end
--;;
CREATE TRIGGER findings_no_update before update on findings when 1 begin select raise(abort, 'findings is append-only'); end
--;;
CREATE TRIGGER assessments_no_replace before insert on assessments when exists (select 1 from assessments where id is new.id) or exists (select 1 from assessments where rowid is new.rowid) begin select raise(abort, 'assessments: this key exists'); end
--;;
CREATE TRIGGER assessments_no_delete before delete on assessments when 1 begin select raise(abort, 'assessments: nothing is deleted'); end
--;;
CREATE TRIGGER assessments_no_move before update on assessments when new.rowid is not old.rowid begin select raise(abort, 'assessments: a row keeps its number'); end
--;;
CREATE TRIGGER assessments_no_update before update on assessments when 1 begin select raise(abort, 'assessments is append-only'); end
--;;
CREATE TRIGGER people_no_replace before insert on people when exists (select 1 from people where id is new.id) begin select raise(abort, 'people: this key exists'); end
--;;
CREATE TRIGGER people_no_delete before delete on people when 1 begin select raise(abort, 'people: nothing is deleted'); end
--;;
CREATE TRIGGER people_no_update before update on people when 1 begin select raise(abort, 'people is append-only'); end
--;;
CREATE TRIGGER roles_no_replace before insert on roles when exists (select 1 from roles where id is new.id) begin select raise(abort, 'roles: this key exists'); end
--;;
CREATE TRIGGER roles_no_delete before delete on roles when 1 begin select raise(abort, 'roles: nothing is deleted'); end
--;;
CREATE TRIGGER roles_ends_once before update on roles when (new.id is not old.id or new.person is not old.person or new.role is not old.role or new.since is not old.since) or old.until is not null or new.until is null or new.until < old.since begin select raise(abort, 'a role can only be ended, once, and not before it began'); end
--;;
CREATE TRIGGER roles_of_a_person before insert on roles when not exists (select 1 from people p where p.id = new.person) begin select raise(abort, 'a role belongs to a person on the list'); end
--;;
CREATE TRIGGER cases_no_replace before insert on cases when exists (select 1 from cases where id is new.id) begin select raise(abort, 'cases: this key exists'); end
--;;
CREATE TRIGGER cases_no_delete before delete on cases when 1 begin select raise(abort, 'cases: nothing is deleted'); end
--;;
CREATE TRIGGER cases_opens_open before insert on cases when new.state is not 'open' or exists (select 1 from cases c where c.state = 'open' and c.subject = new.subject and c.provision = new.provision and c.laboratory = new.laboratory) begin select raise(abort, 'a case begins open, and once for a subject and provision'); end
--;;
CREATE TRIGGER cases_closes before update on cases when (new.id is not old.id or new.subject is not old.subject or new.jurisdiction is not old.jurisdiction or new.provision is not old.provision or new.opened_at is not old.opened_at or new.laboratory is not old.laboratory) or old.state is not 'open' or new.state is not 'closed' or new.closed_at is null or exists (select 1 from orders o where o.case_id = old.id and o.state in ('proposed', 'active')) begin select raise(abort, 'a case can only be closed, and only without live orders'); end
--;;
CREATE TRIGGER orders_no_replace before insert on orders when exists (select 1 from orders where id is new.id) begin select raise(abort, 'orders: this key exists'); end
--;;
CREATE TRIGGER orders_no_delete before delete on orders when 1 begin select raise(abort, 'orders: nothing is deleted'); end
--;;
CREATE TRIGGER orders_begin_proposed before insert on orders when new.state is not 'proposed' or new.activated_at is not null or new.ended_at is not null begin select raise(abort, 'an order begins as proposed'); end
--;;
CREATE TRIGGER orders_need_another before insert on orders when typeof(new.needed) is not 'integer' or new.needed < 1 begin select raise(abort, 'an order needs at least one approver besides its proposer'); end
--;;
CREATE TRIGGER orders_complete before insert on orders when coalesce(trim(new.reasons), '') = '' or coalesce(trim(new.legal_basis), '') = '' or coalesce(trim(new.authority), '') = '' or coalesce(trim(new.appeal), '') = '' or coalesce(trim(new.notice), '') = '' or coalesce(trim(new.expires_at), '') = '' or coalesce(trim(new.proposed_at), '') = '' or new.expires_at <= new.proposed_at begin select raise(abort, 'an order needs reasons, legal basis, appeal, notice and expiry'); end
--;;
CREATE TRIGGER orders_by_an_analyst before insert on orders when not exists (select 1 from roles r where r.person = new.proposer and r.role in ('analyst', 'approver') and r.since <= new.proposed_at and (r.until is null or r.until > new.proposed_at)) begin select raise(abort, 'the proposer is not an analyst or approver at that time'); end
--;;
CREATE TRIGGER orders_in_an_open_case before insert on orders when not exists (select 1 from cases c where c.id = new.case_id and c.state = 'open' and c.subject = new.subject and c.laboratory = new.laboratory) begin select raise(abort, 'an order belongs to an open case of the same subject'); end
--;;
CREATE TRIGGER orders_override before insert on orders when not json_valid(new.overrides) or exists (select 1 from json_each(new.overrides) o where
      case when o.type is not 'object' then 1 else
      coalesce(json_extract(o.value, '$.reason'), '') not in ('protected.popular', 'protected.price_data', 'others.host_of_another_subject', 'others.wildcard_covers_another_subject')
      or length(trim(coalesce(json_extract(o.value, '$.ground'), ''))) < 20 end) begin select raise(abort, 'this reason of the guard cannot be overridden, or not without a ground'); end
--;;
CREATE TRIGGER orders_move before update on orders when (new.id is not old.id or new.case_id is not old.case_id or new.subject is not old.subject or new.host is not old.host or new.subdomains is not old.subdomains or new.addresses is not old.addresses or new.overrides is not old.overrides or new.assessment is not old.assessment or new.measure is not old.measure or new.legal_basis is not old.legal_basis or new.reasons is not old.reasons or new.authority is not old.authority or new.addressee is not old.addressee or new.notice is not old.notice or new.appeal is not old.appeal or new.policy is not old.policy or new.proposer is not old.proposer or new.needed is not old.needed or new.proposed_at is not old.proposed_at or new.expires_at is not old.expires_at or new.review_at is not old.review_at or new.laboratory is not old.laboratory) or coalesce(not ((old.state = 'proposed' and new.state = 'active' and new.activated_at is not null
      and new.ended_at is null and new.activated_at >= old.proposed_at and new.activated_at < old.expires_at)
  or (old.state = 'proposed' and new.state = 'revoked' and new.activated_at is null
      and new.ended_at is not null)
  or (old.state = 'active' and new.state = 'revoked' and new.activated_at is old.activated_at
      and new.ended_at is not null)
  or (old.state = 'active' and new.state = 'expired' and new.activated_at is old.activated_at
      and new.ended_at >= old.expires_at)), 1) begin select raise(abort, 'an order changes only by an allowed move of its state'); end
--;;
CREATE TRIGGER orders_four_eyes before update of state on orders when new.state = 'active' and coalesce((select count(distinct a.approver) from approvals a
      where a.order_id = old.id and a.act = 'approve' and a.approver <> old.proposer
      and not exists (select 1 from approvals w where w.order_id = a.order_id
        and w.approver = a.approver and w.act = 'withdraw')) < old.needed, 1) begin select raise(abort, 'an order becomes active only with its approvals'); end
--;;
CREATE TRIGGER orders_agree_insert before insert on orders when not json_valid(cast(new.record as text)) or new.id is not json_extract(cast(new.record as text), '$.id') or new.subject is not json_extract(cast(new.record as text), '$.subject') or new.assessment is not json_extract(cast(new.record as text), '$.assessment') or new.measure is not json_extract(cast(new.record as text), '$.measure') or new.legal_basis is not json_extract(cast(new.record as text), '$.legal_basis') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.authority is not json_extract(cast(new.record as text), '$.authority') or new.addressee is not json_extract(cast(new.record as text), '$.addressee') or new.notice is not json_extract(cast(new.record as text), '$.notice') or new.policy is not json_extract(cast(new.record as text), '$.policy') or new.state is not json_extract(cast(new.record as text), '$.state') or new.proposer is not json_extract(cast(new.record as text), '$.proposer') or new.needed is not json_extract(cast(new.record as text), '$.needed') or new.proposed_at is not json_extract(cast(new.record as text), '$.proposed_at') or new.activated_at is not json_extract(cast(new.record as text), '$.activated_at') or new.ended_at is not json_extract(cast(new.record as text), '$.ended_at') or new.expires_at is not json_extract(cast(new.record as text), '$.expires_at') or new.review_at is not json_extract(cast(new.record as text), '$.review_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.host is not json_extract(cast(new.record as text), '$.scope.host') or new.subdomains is not json_extract(cast(new.record as text), '$.scope.subdomains') or new.addresses is not json_extract(cast(new.record as text), '$.scope.addresses') or new.overrides is not json_extract(cast(new.record as text), '$.overrides') begin select raise(abort, 'orders: row and record differ'); end
--;;
CREATE TRIGGER orders_agree_update before update on orders when not json_valid(cast(new.record as text)) or new.id is not json_extract(cast(new.record as text), '$.id') or new.subject is not json_extract(cast(new.record as text), '$.subject') or new.assessment is not json_extract(cast(new.record as text), '$.assessment') or new.measure is not json_extract(cast(new.record as text), '$.measure') or new.legal_basis is not json_extract(cast(new.record as text), '$.legal_basis') or new.reasons is not json_extract(cast(new.record as text), '$.reasons') or new.authority is not json_extract(cast(new.record as text), '$.authority') or new.addressee is not json_extract(cast(new.record as text), '$.addressee') or new.notice is not json_extract(cast(new.record as text), '$.notice') or new.policy is not json_extract(cast(new.record as text), '$.policy') or new.state is not json_extract(cast(new.record as text), '$.state') or new.proposer is not json_extract(cast(new.record as text), '$.proposer') or new.needed is not json_extract(cast(new.record as text), '$.needed') or new.proposed_at is not json_extract(cast(new.record as text), '$.proposed_at') or new.activated_at is not json_extract(cast(new.record as text), '$.activated_at') or new.ended_at is not json_extract(cast(new.record as text), '$.ended_at') or new.expires_at is not json_extract(cast(new.record as text), '$.expires_at') or new.review_at is not json_extract(cast(new.record as text), '$.review_at') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.host is not json_extract(cast(new.record as text), '$.scope.host') or new.subdomains is not json_extract(cast(new.record as text), '$.scope.subdomains') or new.addresses is not json_extract(cast(new.record as text), '$.scope.addresses') or new.overrides is not json_extract(cast(new.record as text), '$.overrides') begin select raise(abort, 'orders: row and record differ'); end
--;;
CREATE TRIGGER approvals_no_replace before insert on approvals when exists (select 1 from approvals where id is new.id) or exists (select 1 from approvals where order_id is new.order_id and approver is new.approver and act is new.act) begin select raise(abort, 'approvals: this key exists'); end
--;;
CREATE TRIGGER approvals_no_delete before delete on approvals when 1 begin select raise(abort, 'approvals: nothing is deleted'); end
--;;
CREATE TRIGGER approvals_no_update before update on approvals when 1 begin select raise(abort, 'approvals is append-only'); end
--;;
CREATE TRIGGER approvals_while_proposed before insert on approvals when not exists (select 1 from orders o where o.id = new.order_id and o.state = 'proposed' and o.proposed_at <= new.at and new.at < o.expires_at) begin select raise(abort, 'only a proposed order is approved'); end
--;;
CREATE TRIGGER approvals_by_another before insert on approvals when exists (select 1 from orders o where o.id = new.order_id and o.proposer is new.approver) begin select raise(abort, 'no one approves their own proposal'); end
--;;
CREATE TRIGGER approvals_by_an_approver before insert on approvals when not exists (select 1 from roles r where r.person = new.approver and r.role in ('approver') and r.since <= new.at and (r.until is null or r.until > new.at)) begin select raise(abort, 'this person is not an approver at that time'); end
--;;
CREATE TRIGGER approvals_of_two_kinds before insert on approvals when coalesce(new.act, '') not in ('approve', 'withdraw') or (new.act = 'withdraw' and not exists
      (select 1 from approvals a where a.order_id = new.order_id and a.approver = new.approver
       and a.act = 'approve')) begin select raise(abort, 'an approval is approve, or withdraw after approve'); end
--;;
CREATE TRIGGER approvals_agree_insert before insert on approvals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.approver is not json_extract(cast(new.record as text), '$.approver') or new.act is not json_extract(cast(new.record as text), '$.act') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'approvals: row and record differ'); end
--;;
CREATE TRIGGER approvals_agree_update before update on approvals when not json_valid(cast(new.record as text)) or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.approver is not json_extract(cast(new.record as text), '$.approver') or new.act is not json_extract(cast(new.record as text), '$.act') or new.at is not json_extract(cast(new.record as text), '$.at') begin select raise(abort, 'approvals: row and record differ'); end
--;;
CREATE TRIGGER case_events_no_replace before insert on case_events when exists (select 1 from case_events where seq is new.seq) or exists (select 1 from case_events where id is new.id) or exists (select 1 from case_events where rowid is new.rowid) begin select raise(abort, 'case_events: this key exists'); end
--;;
CREATE TRIGGER case_events_no_delete before delete on case_events when 1 begin select raise(abort, 'case_events: nothing is deleted'); end
--;;
CREATE TRIGGER case_events_no_move before update on case_events when new.rowid is not old.rowid begin select raise(abort, 'case_events: a row keeps its number'); end
--;;
CREATE TRIGGER case_events_no_update before update on case_events when 1 begin select raise(abort, 'case_events is append-only'); end
--;;
CREATE TRIGGER case_events_agree_insert before insert on case_events when not json_valid(cast(new.record as text)) or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.at is not json_extract(cast(new.record as text), '$.at') or new.actor is not json_extract(cast(new.record as text), '$.actor') or new.about is not json_extract(cast(new.record as text), '$.about') begin select raise(abort, 'case_events: row and record differ'); end
--;;
CREATE TRIGGER case_events_agree_update before update on case_events when not json_valid(cast(new.record as text)) or new.case_id is not json_extract(cast(new.record as text), '$.case') or new.order_id is not json_extract(cast(new.record as text), '$.order') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.at is not json_extract(cast(new.record as text), '$.at') or new.actor is not json_extract(cast(new.record as text), '$.actor') or new.about is not json_extract(cast(new.record as text), '$.about') begin select raise(abort, 'case_events: row and record differ'); end
--;;
CREATE TRIGGER artefacts_no_replace before insert on artefacts when exists (select 1 from artefacts where seq is new.seq) or exists (select 1 from artefacts where id is new.id) or exists (select 1 from artefacts where rowid is new.rowid) begin select raise(abort, 'artefacts: this key exists'); end
--;;
CREATE TRIGGER artefacts_no_delete before delete on artefacts when 1 begin select raise(abort, 'artefacts: nothing is deleted'); end
--;;
CREATE TRIGGER artefacts_no_move before update on artefacts when new.rowid is not old.rowid begin select raise(abort, 'artefacts: a row keeps its number'); end
--;;
CREATE TRIGGER artefacts_no_update before update on artefacts when 1 begin select raise(abort, 'artefacts is append-only'); end
--;;
CREATE TRIGGER artefact_orders_no_replace before insert on artefact_orders when exists (select 1 from artefact_orders where artefact is new.artefact and order_id is new.order_id) begin select raise(abort, 'artefact_orders: this key exists'); end
--;;
CREATE TRIGGER artefact_orders_no_delete before delete on artefact_orders when 1 begin select raise(abort, 'artefact_orders: nothing is deleted'); end
--;;
CREATE TRIGGER artefact_orders_no_update before update on artefact_orders when 1 begin select raise(abort, 'artefact_orders is append-only'); end
--;;
CREATE TRIGGER artefact_orders_active before insert on artefact_orders when not exists (select 1 from artefacts a join orders o on o.id = new.order_id where a.id = new.artefact and o.state = 'active' and o.expires_at > a.made_at and o.laboratory = a.laboratory) begin select raise(abort, 'an artefact rests on active orders of its own kind'); end
--;;
CREATE TRIGGER expectations_no_replace before insert on expectations when exists (select 1 from expectations where seq is new.seq) or exists (select 1 from expectations where id is new.id) or exists (select 1 from expectations where rowid is new.rowid) begin select raise(abort, 'expectations: this key exists'); end
--;;
CREATE TRIGGER expectations_no_delete before delete on expectations when 1 begin select raise(abort, 'expectations: nothing is deleted'); end
--;;
CREATE TRIGGER expectations_no_move before update on expectations when new.rowid is not old.rowid begin select raise(abort, 'expectations: a row keeps its number'); end
--;;
CREATE TRIGGER expectations_no_update before update on expectations when 1 begin select raise(abort, 'expectations is append-only'); end
--;;
CREATE TRIGGER checks_no_replace before insert on checks when exists (select 1 from checks where seq is new.seq) or exists (select 1 from checks where id is new.id) or exists (select 1 from checks where rowid is new.rowid) begin select raise(abort, 'checks: this key exists'); end
--;;
CREATE TRIGGER checks_no_delete before delete on checks when 1 begin select raise(abort, 'checks: nothing is deleted'); end
--;;
CREATE TRIGGER checks_no_move before update on checks when new.rowid is not old.rowid begin select raise(abort, 'checks: a row keeps its number'); end
--;;
CREATE TRIGGER checks_no_update before update on checks when 1 begin select raise(abort, 'checks is append-only'); end
--;;
CREATE TRIGGER deliveries_no_replace before insert on deliveries when exists (select 1 from deliveries where seq is new.seq) or exists (select 1 from deliveries where id is new.id) or exists (select 1 from deliveries where rowid is new.rowid) begin select raise(abort, 'deliveries: this key exists'); end
--;;
CREATE TRIGGER deliveries_no_delete before delete on deliveries when 1 begin select raise(abort, 'deliveries: nothing is deleted'); end
--;;
CREATE TRIGGER deliveries_no_move before update on deliveries when new.rowid is not old.rowid begin select raise(abort, 'deliveries: a row keeps its number'); end
--;;
CREATE TRIGGER deliveries_no_update before update on deliveries when 1 begin select raise(abort, 'deliveries is append-only'); end
--;;
CREATE TRIGGER deliveries_agree_insert before insert on deliveries when not json_valid(cast(new.record as text)) or new.place is not json_extract(cast(new.record as text), '$.place') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.serial is not json_extract(cast(new.record as text), '$.serial') or new.orders is not json_extract(cast(new.record as text), '$.orders') or new.entries is not json_extract(cast(new.record as text), '$.entries') or new.through is not json_extract(cast(new.record as text), '$.through') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.at is not json_extract(cast(new.record as text), '$.at') or new.order_id is not json_extract(cast(new.record as text), '$.order') begin select raise(abort, 'deliveries: row and record differ'); end
--;;
CREATE TRIGGER deliveries_agree_update before update on deliveries when not json_valid(cast(new.record as text)) or new.place is not json_extract(cast(new.record as text), '$.place') or new.kind is not json_extract(cast(new.record as text), '$.kind') or new.serial is not json_extract(cast(new.record as text), '$.serial') or new.orders is not json_extract(cast(new.record as text), '$.orders') or new.entries is not json_extract(cast(new.record as text), '$.entries') or new.through is not json_extract(cast(new.record as text), '$.through') or new.laboratory is not json_extract(cast(new.record as text), '$.laboratory') or new.at is not json_extract(cast(new.record as text), '$.at') or new.order_id is not json_extract(cast(new.record as text), '$.order') begin select raise(abort, 'deliveries: row and record differ'); end
--;;
CREATE TRIGGER deliveries_of_an_order before insert on deliveries when new.kind is not 'reconciled' and not exists (select 1 from orders o where o.id = new.order_id and o.activated_at is not null and o.measure = 'block_access' and o.laboratory = new.laboratory) begin select raise(abort, 'what is delivered is an order that was in force'); end
--;;
CREATE TRIGGER delivered_no_replace before insert on delivered when exists (select 1 from delivered where place is new.place and rule is new.rule and delivery is new.delivery) begin select raise(abort, 'delivered: this key exists'); end
--;;
CREATE TRIGGER delivered_no_delete before delete on delivered when 1 begin select raise(abort, 'delivered: nothing is deleted'); end
--;;
CREATE TRIGGER delivered_no_update before update on delivered when 1 begin select raise(abort, 'delivered is append-only'); end
--;;
CREATE TRIGGER delivered_by_a_delivery before insert on delivered when not exists (select 1 from deliveries d where d.id = new.delivery and d.seq = new.seq and d.place = new.place) begin select raise(abort, 'what stands at an owner was delivered there'); end
