"""The changes that mend a difference between a `sub` and a policy's value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.explain.causes import PATTERN_CHANGES, SUBJECT_CAUSES, WORKFLOW_CHANGES
from deploy_access.explain.finding import Cause, ProposedChange, alternatives
from deploy_access.explain.snippets import quoted, subject_forms, with_risk
from deploy_access.github.subject import decode
from deploy_access.github.subject_claim import matches, parse_subject
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANOTHERS = {"other-owner", "other-repository", "other-ids"}
_NAMED = {
    "branch-not-tag",
    "environment-in-policy",
    "other-branch",
    "other-environment",
    "other-tag",
    "tag-not-branch",
}
_NO_DEFAULT = {"bad", "custom", "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDifference:
    """
    A `sub`, and the value of a condition that differs from it.

    Attributes:
        key: The condition key.
        operator: The operator.
        held: The value of the token.
        wanted: The nearest value of the policy.
        is_listed: Whether the condition has other values too.
        is_described: Whether the run was described by flags, which may be mistyped.
    """

    key: str
    operator: str
    held: str
    wanted: str
    is_listed: bool = False
    is_described: bool = False

    def fields(self) -> dict[str, str]:
        """Return the values that fill the braces of the sentences."""
        found = {"operator": self.operator}
        for side, text in (("held", self.held), ("wanted", self.wanted)):
            parts = parse_subject(text)
            found[f"{side}_context"] = (parts and parts.context_text) or text
            found[f"{side}_value"] = (parts and parts.rest) or text
            found[f"{side}_repository"] = parts.repository if parts else text
        return found


def subject_cause(cause: str, difference: SubjectDifference) -> Cause:
    """Return the cause with every change that mends it; trust in pull requests comes last."""
    policy, workflow = [_in_policy(cause, difference)], list(_in_workflow(cause, difference))
    if _opens(difference) and not workflow:
        workflow = list(_instead_of_pull_request(cause, difference))
    changes = workflow + policy if _opens(difference) else policy + workflow
    return Cause(
        id=cause,
        text=SUBJECT_CAUSES[cause].format(**difference.fields()),
        changes=tuple(alternatives(changes)),
    )


def _opens(difference: SubjectDifference) -> bool:
    """Whether the change of the policy would newly trust pull requests."""
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    # One with further claims trusts only some of them.
    is_trusted = policy and policy.context == "pull_request" and not policy.has_claims
    return token is not None and token.context == "pull_request" and not is_trusted


def _in_policy(cause: str, difference: SubjectDifference) -> ProposedChange:
    values = [difference.held]
    other = _immutable_form(difference)
    if cause == "immutable-subject-in-policy" and other:
        values.append(other)
    forms = subject_forms(difference.key, *values)
    # A value is added to a list, so that what is trusted stays trusted; `bad-ref` is replaced, as
    # it matches no run.
    if difference.is_listed and cause != "bad-ref":
        added = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
        forms = (("JSON", added), *forms[1:])
    text = _policy_text(cause, difference)
    text = with_risk(difference.held, text) if _opens(difference) else text
    return ProposedChange(side="policy", text=text, forms=forms)


def _policy_text(cause: str, difference: SubjectDifference) -> str:
    if cause in _ANOTHERS:
        return "If this repository is meant, trust it by its own value:"
    if cause == "bad-ref":
        return f"In the policy, change {difference.wanted!r} to:"
    if cause == "immutable-subject-in-policy":
        return "While the repository has the legacy form, trust both:"
    if difference.is_listed:
        return "In the policy, add to the values of the condition on `sub`:"
    return "In the policy, make the condition on `sub`:"


def _immutable_form(difference: SubjectDifference) -> str | None:
    """Return the token's `sub` with the ids of the policy; None where it has none."""
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    if token is None or policy is None or not policy.owner_id or not policy.repo_id:
        return None
    if has_wildcard(policy.owner_id + policy.repo_id):
        return None
    repository = f"{token.owner}@{policy.owner_id}/{token.name}@{policy.repo_id}"
    return f"repo:{repository}:{token.context_text}"


def _in_workflow(cause: str, difference: SubjectDifference) -> Iterator[ProposedChange]:
    policy = parse_subject(difference.wanted)
    if cause == "custom-template":
        yield _template(difference)
    elif cause == "letter-case":
        yield from _spelling(difference)
    elif cause not in WORKFLOW_CHANGES or policy is None:
        return
    elif cause in _NAMED and has_wildcard(policy.rest):
        text = PATTERN_CHANGES[policy.context].format(**difference.fields())
        yield ProposedChange(side="workflow", text=text)
    elif cause in {"environment-in-policy", "other-environment"}:
        yield _environment(WORKFLOW_CHANGES[cause], policy.rest)
    else:
        text = WORKFLOW_CHANGES[cause].format(**difference.fields())
        yield ProposedChange(side="workflow", text=text)


def _instead_of_pull_request(cause: str, difference: SubjectDifference) -> Iterator[ProposedChange]:
    """List where to run instead, which alone does not mend the cause."""
    policy = parse_subject(difference.wanted)
    if policy and policy.context in PATTERN_CHANGES and cause not in _ANOTHERS:
        text = f"Run the workflow on what the policy trusts, `{policy.context_text}`, and explain "
        yield ProposedChange(side="workflow", text=f"{text}that run.")


def _environment(text: str, value: str) -> ProposedChange:
    forms = (("YAML", f"environment: {_yaml(decode(value))}"),)
    return ProposedChange(side="workflow", text=f"{text[:-1]}:", forms=forms)


def _spelling(difference: SubjectDifference) -> Iterator[ProposedChange]:
    """List the names of the run that may be misspelt: in the flags, or in the workflow."""
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    if token is None or policy is None:
        return
    if difference.is_described and not matches(policy.repository, token.repository):
        text = f"If it is mistyped, describe the run with `--repo {policy.repository}`."
        yield ProposedChange(side="command", text=text)
    if matches(policy.rest, token.rest) or has_wildcard(policy.rest):
        return
    if policy.context == "environment":
        yield _environment("Write the environment of the job as the policy does.", policy.rest)
    elif policy.context in {"branch", "tag"}:
        text = f"Run the workflow on the {policy.context} {policy.rest!r}."
        yield ProposedChange(side="workflow", text=text)


def _template(difference: SubjectDifference) -> ProposedChange:
    """Return the change of the template, whose claims a `sub` does not show for certain."""
    # https://docs.github.com/actions/reference/security/oidc (`include_claim_keys`)
    token, policy = parse_subject(difference.held), parse_subject(difference.wanted)
    known = token or policy
    repository = known.repository if known and not has_wildcard(known.repository) else "OWNER/REPO"
    command = f"repos/{repository}/actions/oidc/customization/sub"
    if token is None or token.context in _NO_DEFAULT or token.has_claims:
        text = "Set the repository's template of `sub` back to GitHub's default:"
        forms = (("Shell", f"gh api -X PUT {command} -F use_default=true"),)
    else:
        text = "Give the repository the template that the policy is written for; it has now:"
        forms = (("Shell", f"gh api {command}"),)
    return ProposedChange(side="workflow", text=text, forms=forms)


def _yaml(text: str) -> str:
    plain = text.replace("-", "").replace("_", "").isalnum() and not text[0].isdigit()
    return text if plain else quoted(text)
