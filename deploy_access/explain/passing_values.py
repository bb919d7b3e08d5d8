"""Values of a token that come once: the next run has another one, so to trust it helps no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.github.passing_refs import kind_of
from deploy_access.github.subject_claim import parse_subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.explain.case import Case
    from deploy_access.github.passing_refs import Kind

_WHY: dict[Kind, str] = {
    "merge-queue": "GitHub makes a new branch for each merge",
    "pull-request": "each pull request has a number of its own",
    "tag": "a tag comes once",
}
_ENVIRONMENTS: dict[Kind, str] = {
    "merge-queue": "merge-queue",
    "pull-request": "pull-request",
    "tag": "release",
}
# A workflow is called at a tag by all its callers; a pull request's own file comes with it.
_OF_WORKFLOWS = {"merge-queue", "pull-request"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingValue:
    """
    A value that the next run does not have.

    Attributes:
        kind: What sort of ref it is, or is of.
        claim: The claim that has it.
        value: The value.
    """

    kind: Kind
    claim: str
    value: str

    @property
    def why(self) -> str:
        """Why it comes once, as the end of a sentence."""
        return _WHY[self.kind]

    @property
    def environment(self) -> str:
        """The name of an environment that is proposed in its place; any other will do."""
        return _ENVIRONMENTS[self.kind]


def passing_value(case: Case) -> PassingValue | None:
    """Return the value of a refused run that a policy would have to trust, if it comes once."""
    return next(_passing(case), None)


def _passing(case: Case) -> Iterator[PassingValue]:
    token = parse_subject(case.subject) if case.run.is_github else None
    if token is None:
        return
    ref = token.context_text.removeprefix("ref:").partition(":")[0]
    kind = kind_of(ref)
    if kind and ref != token.context_text:
        yield PassingValue(kind=kind, claim="sub", value=case.subject)
    for check in case.failing:
        claim = case.claim_of(check)
        if claim not in {"ref", "job_workflow_ref"}:
            continue
        held = check.held[0] if check.held else ""
        kind = kind_of(held.partition("@")[2] if claim == "job_workflow_ref" else held)
        if kind and (claim == "ref" or kind in _OF_WORKFLOWS):
            yield PassingValue(kind=kind, claim=claim, value=held)
