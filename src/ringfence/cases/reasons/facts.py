"""Facts: everything that a statement of reasons is made from, gathered once."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from ringfence.cases.appeal import Appeal, Ruling
from ringfence.cases.approval import Approval
from ringfence.cases.order import Order
from ringfence.cases.reasons.plain import carrying
from ringfence.cases.records import Records
from ringfence.rulebook.assessment import Assessment, Node
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.records import findings


class Facts(msgspec.Struct, frozen=True):
    """``findings`` are those of the assessment that are kept in the store. ``undone`` says whether the
    end of the order was seen at its target: None while not known."""

    order: Order
    assessment: Assessment
    findings: tuple[Finding, ...]
    approvals: tuple[Approval, ...]
    appeals: tuple[Appeal, ...]
    rulings: tuple[Ruling, ...]
    undone: bool | None = None

    @property
    def met(self) -> list[Node]:
        """The elements that the breach rests on."""
        return carrying(self.assessment.tree)

    @property
    def approvers(self) -> list[str]:
        """Who approved and did not take it back, in order of time."""
        withdrawn = {act.approver for act in self.approvals if act.act == "withdraw"}
        return [
            act.approver for act in self.approvals if act.act == "approve" and act.approver not in withdrawn
        ]

    @property
    def evidence(self) -> list[str]:
        """The digests of all bytes behind the assessment, each once, sorted."""
        every = {digest for leaf in self.met for digest in leaf.evidence}
        return sorted(every | {digest for finding in self.findings for digest in finding.evidence})

    @property
    def by_persons(self) -> bool:
        """Whether every finding was made by a person."""
        return bool(self.findings) and all(f.author.startswith("person:") for f in self.findings)

    def extension(self) -> dict[str, object]:
        """What the Union's form of a statement has no field for: who approved, on what evidence, by which
        rules in which versions, and what became of appeals."""
        by_appeal = {ruling.appeal: ruling for ruling in self.rulings}
        outcomes = [
            {
                "appeal": appeal.id,
                "filed": appeal.filed_at,
                "outcome": by_appeal[appeal.id].outcome if appeal.id in by_appeal else "pending",
                "reasons": by_appeal[appeal.id].reasons if appeal.id in by_appeal else None,
                "reversal_verified": self.undone,
            }
            for appeal in self.appeals
        ]
        return {
            "proposer": self.order.proposer,
            "approvers": self.approvers,
            "evidence": self.evidence,
            "rules": [
                {"rule": rule, "version": version, "author": author}
                for author, rule, version in sorted({(f.author, f.rule, f.version) for f in self.findings})
            ],
            "pack": {
                "jurisdiction": self.assessment.jurisdiction,
                "version": self.assessment.pack_version,
                "digest": self.assessment.pack_digest,
            },
            "appeals": outcomes,
            "laboratory": self.order.laboratory,
        }


def facts(records: Records, order: Order, *, undone: bool | None = None) -> Facts:
    """The facts of one order as they stand now."""
    assessment = records.assessment(order.assessment)
    wanted = select(findings.c.record).where(findings.c.id.in_(assessment.findings))
    with records.database.read() as connection:
        kept = [msgspec.json.decode(r, type=Finding) for r in connection.execute(wanted).scalars()]
    return Facts(
        order=order,
        assessment=assessment,
        findings=tuple(sorted(kept, key=lambda finding: finding.id)),
        approvals=tuple(records.approvals(order.id)),
        appeals=tuple(records.appeals(order.id)),
        rulings=tuple(records.rulings(order.id)),
        undone=undone,
    )
