"""The changes of a template or a name that mend a difference between a `sub` and a value."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.explain.causes import SUBJECT_CAUSES, SWITCH
from deploy_access.explain.finding import Cause, ProposedChange
from deploy_access.explain.run_change import CONTEXTS, environment_forms, run_text
from deploy_access.explain.snippets import lower_first, yaml_text
from deploy_access.github.claim_flags import flag_for
from deploy_access.github.repository_checks import check_full_name
from deploy_access.github.segment import decode
from deploy_access.github.subject_claim import (
    claims_of,
    matches,
    parse_subject,
    same,
    template_keys,
)
from deploy_access.github.subject_grammar import is_default
from deploy_access.github.subject_warnings import form_command
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.github.subject_claim import SubjectClaim


WORKFLOW = "job_workflow_ref"
"""The claim that says which reusable workflow a job is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDifference:
    """
    A `sub`, and the value of a condition that differs from it.

    Attributes:
        key: The condition key.
        operator: The operator.
        held: The value of the token.
        wanted: The nearest value of the policy.
        is_described: Whether the run was described by flags, which may be mistyped.
        is_at_ghe: Whether GitHub does not say that the repository can have immutable subjects.
    """

    key: str
    operator: str
    held: str
    wanted: str
    is_described: bool = False
    is_at_ghe: bool = False

    def fields(self) -> dict[str, str]:
        """Return the values that fill the braces of the sentences."""
        found = {"operator": self.operator}
        for side, text in (("held", self.held), ("wanted", self.wanted)):
            parts = parse_subject(text)
            found[side] = text
            found[f"{side}_context"] = (parts and parts.context_text) or text
            found[f"{side}_value"] = (parts and _value(parts)) or text
            found[f"{side}_repository"] = parts.repository if parts else text
        return found


def _value(parts: SubjectClaim) -> str:
    """Return the branch, tag or environment as it stands, without the claims of a template."""
    return parts.rest.partition(":")[0] if parts.context in CONTEXTS else parts.rest


def subject_cause(cause: str, difference: SubjectDifference) -> Cause:
    """Return the cause with the changes beside the policy and the run that may mend it."""
    return Cause(
        id=cause,
        text=SUBJECT_CAUSES[cause].format(**difference.fields()),
        changes=tuple(_changes(cause, difference)),
    )


def _changes(cause: str, difference: SubjectDifference) -> Iterator[ProposedChange]:
    if cause == "custom-template":
        yield _template(difference)
    elif cause == "letter-case":
        yield from _spelling(difference)
    elif cause == "other-subject":
        yield from _of_reusable_workflow(difference)
    elif cause == "immutable-subject-in-policy":
        yield _switch(difference)


def _switch(difference: SubjectDifference) -> ProposedChange:
    token = parse_subject(difference.held)
    text = SWITCH.format(command=form_command(token.repository if token else "OWNER/REPO"))
    if difference.is_at_ghe:
        text = f"If repositories at ghe.com can: {lower_first(text)}"
    return ProposedChange(side="workflow", text=text)


def _of_reusable_workflow(difference: SubjectDifference) -> Iterator[ProposedChange]:
    """Name the reusable workflow that the policy wants in `sub`, if all else is as it wants it."""
    held, wanted = dict(claims_of(difference.held)), dict(claims_of(difference.wanted))
    file = wanted.get(WORKFLOW)
    if file and not has_wildcard(file) and wanted == {**held, WORKFLOW: file}:
        yield use_workflow(file)


def use_workflow(file: str) -> ProposedChange:
    """Let a job be one of the reusable workflow that the policy wants."""
    return ProposedChange(
        side="workflow",
        kind="reusable-workflow",
        text="Let the job be one of the reusable workflow that the policy wants:",
        forms=(("YAML", f"uses: {file}"),),
    )


def _spelling(difference: SubjectDifference) -> Iterator[ProposedChange]:
    """List the names of the run that may be misspelt: in the flags, or in the workflow."""
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    if token is None or policy is None:
        return
    meant = _name_meant(token, policy)
    if difference.is_described and meant != token.repository:
        text = f"If it is mistyped, describe the run with `--repo {meant}`."
        yield ProposedChange(side="command", text=text)
    if matches(policy.rest, token.rest) or has_wildcard(policy.rest):
        return
    if policy.context == "environment":
        yield ProposedChange(
            side="workflow",
            text="Write the environment of the job as the policy does:",
            forms=(("YAML", f"environment: {yaml_text(decode(policy.rest))}"),),
        )
    elif policy.context in {"branch", "tag"}:
        text = f"Run the workflow on the {policy.context} {policy.rest!r}."
        yield ProposedChange(side="workflow", text=text)


def _name_meant(token: SubjectClaim, policy: SubjectClaim) -> str:
    """Return the run's repository as the policy spells it, as far as that names the same one."""
    pairs = ((policy.owner, token.owner), (policy.name, token.name))
    if not all(same(wanted, held) for wanted, held in pairs):
        return token.repository
    return "/".join(held if has_wildcard(wanted) else wanted for wanted, held in pairs)


def _template(difference: SubjectDifference) -> ProposedChange:
    """Return the change of the repository's template of `sub`, with the keys that it is to have."""
    # https://docs.github.com/rest/actions/oidc (`include_claim_keys`)
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    known = token or policy
    is_name = known is not None and not list(check_full_name(known.repository))
    repository = known.repository if known and is_name else "OWNER/REPO"
    command = f"repos/{repository}/actions/oidc/customization/sub"
    if not is_default(difference.held):
        text = "Set the repository's template of `sub` back to GitHub's default:"
        forms = (("Shell", f"gh api -X PUT {command} -F use_default=true"),)
        return ProposedChange(side="workflow", text=text, forms=forms)
    keys = template_keys(difference.wanted)
    named = " ".join(f"-f {shlex.quote(f'include_claim_keys[]={key}')}" for key in keys)
    text = f"Give the repository the template that the policy is written for, {','.join(keys)}, "
    text += "which changes the `sub` of all its jobs, and describe the run with it "
    text += f"(`{_flags_of_template(keys)}`)"
    run, forms = _run_of_template(token, policy)
    return ProposedChange(
        side="workflow",
        text=f"{text}{run}:",
        forms=(("Shell", f"gh api -X PUT {command} -F use_default=false {named}"), *forms),
    )


def _flags_of_template(keys: Sequence[str]) -> str:
    """Return the flags for a run of a template; those that every description has are left out."""
    described = {"context", "repo", "repository", "repository_owner"}
    flags = [flag_for(key).split(" ", 1) for key in keys if key not in described]
    return shlex.join(["--claim-keys", ",".join(keys), *(word for flag in flags for word in flag)])


def _run_of_template(
    token: SubjectClaim | None, policy: SubjectClaim | None
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Say what else the run has to be, where the policy's value is of another context."""
    if token is None or policy is None or policy.context not in CONTEXTS:
        return "", ()
    value = policy.rest.partition(":")[0]
    if policy.context == token.context and matches(value, token.rest):
        return "", ()
    doing = run_text(policy.context, value, token)
    return f"; then {lower_first(doing)}", environment_forms(policy.context, value)
