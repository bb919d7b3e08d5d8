"""
Every cause as a sentence; the braces are filled with values of the run and of the policy.

An id is never used for another cause. The order of the subject's causes is in `differences.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.policy import WEB_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBJECT_CAUSES: Mapping[str, str] = {
    "bad-ref": "GitHub writes no `sub` like {wanted!r}, so it matches no run: behind "
    "`repo:OWNER/NAME:` stands the ref, the environment or the event, in full.",
    "branch-not-tag": "The run is on the branch {held_value!r}, the policy wants the tag "
    "{wanted_value!r}.",
    "custom-template": "The token and the policy follow different templates of `sub`: the "
    "repository or its organization has a template of its own (`include_claim_keys`).",
    "environment-encoding": "GitHub writes a `:` in the name of an environment as `%3A`; the "
    "policy has it as it is.",
    "environment-in-policy": "The policy wants the environment {wanted_value!r}, but the job has "
    "no `environment:`; then `sub` ends in what the run is on, here `{held_context}`.",
    "environment-on-job": "The job has `environment: {held_value}`, which takes the place of the "
    "ref in `sub`; the policy wants `{wanted_context}`.",
    "ids-on-server": "The policy wants ids in `sub`, and GitHub Enterprise Server has no immutable "
    "subjects. So the policy's value matches no run.",
    "immutable-subject-in-policy": "The policy wants the immutable form of `sub` with the ids of "
    "owner and repository; the token carries the legacy form without.",
    "legacy-subject-in-policy": "The policy wants the legacy form of `sub`; the token carries the "
    "immutable form with ids, as repositories made, renamed or moved since 2026-07-15 do.",
    "letter-case": "The values differ in nothing but letter case, which IAM compares.",
    "not-a-subject": "The policy's value is no `sub` that GitHub issues: one begins with `repo:`.",
    "other-branch": "The run is on the branch {held_value!r}, the policy wants {wanted_value!r}.",
    "other-environment": "The job has `environment: {held_value}`, the policy wants "
    "{wanted_value!r}.",
    "other-ids": "The ids differ: it is another owner or repository of the same name, for example "
    "one that was deleted and made anew.",
    "other-owner": "The run is in {held_repository!r}, the policy wants {wanted_repository!r}: "
    "another owner.",
    "other-repository": "The run is in {held_repository!r}, the policy wants "
    "{wanted_repository!r}.",
    "other-subject": "The token's `sub` is none that the policy wants.",
    "other-tag": "The run is on the tag {held_value!r}, the policy wants {wanted_value!r}.",
    "pull-request": "A pull request started the run, so `sub` names no branch; the policy wants "
    "`{wanted_context}`.",
    "pull-request-in-policy": "The policy wants a run of a pull request; this one is on "
    "`{held_context}`.",
    "renamed-repository": "The repository is {held_repository!r} now, and the policy wants its "
    "former name {wanted_repository!r}: the id is the same. Write the new name, with the former "
    "one in `former_names` until every run has the new one.",
    "tag-not-branch": "The run is on the tag {held_value!r}, the policy wants the branch "
    "{wanted_value!r}.",
    "two-contexts": "The policy wants `{wanted_context}`, and a `sub` holds the environment of the "
    "job or, without one, the ref, never both. To ask for both, compare `sub` "
    "with the environment and the claim `ref` with the ref.",
    "wildcard-under-equals": "`{operator}` compares character by character: `*` and `?` are "
    "wildcards under `StringLike` only.",
}
SWITCH = (
    "Switch the repository to immutable subjects in its OIDC settings on GitHub; "
    "`{command}` prints the ids when it has them."
)
"""The change that makes the tokens of a repository carry ids."""

OTHER_CAUSES: Mapping[str, str] = {
    "allowed": "Every condition of the statement is met.",
    "audience": "The token is for another audience than the policy wants.",
    "claim": "The token's `{claim}` is not what the policy wants.",
    "claim-missing": "The token has no `{claim}`, so the condition is not met.",
    "condition": "The condition on `{key}` is not met.",
    "explicit-deny": "A `Deny` statement applies to the run; no `Allow` outweighs it.",
    "immutable-subject-only": "The role lets the run in if the repository has the immutable form "
    "of `sub`, and not if it has the legacy form {other!r}.",
    "key-prefix": "The condition key begins with {given!r}; the keys of this token begin with "
    "{wanted!r}, so the condition is never met.",
    "legacy-subject-only": "The role lets the run in if the repository has the legacy form of "
    "`sub`, and not if it has the immutable form {other!r}.",
    "no-statement": "No statement of the trust policy allows anything to an OIDC provider.",
    "no-trust-policy": "The role's trust policy is not in what was read.",
    "other-account": "The run asked for a role in account {given}; the one that was read is in "
    "account {wanted}.",
    "other-provider": "The policy trusts {given!r}, the token is of {wanted!r}.",
    "other-provider-account": "The policy trusts the provider of account {given}, the token was "
    "shown to that of account {wanted}.",
    "outside-policy": "The policy as it is now lets the run in, and AWS answered {error!r}. If it "
    "was changed after {time}, run the workflow again; if not, the cause is outside of it.",
    "principal": "The principal {given!r} is no OIDC provider.",
    "resource-element": "The statement has a `Resource`, which a trust policy cannot have: IAM "
    "refuses the document (`MalformedPolicyDocument`).",
    "role-not-found": "The run asked for {given!r}, which is not among the roles that were read.",
    "undecided": "It depends on what is not known here: {given}.",
    "unknown-key": "AWS has no condition key `{claim}` for this provider, so the condition is "
    "never met. {instead}",
    "unknown-operator": "IAM has no operator {operator!r}.",
    "unreadable-policy": "The trust policy cannot be read: {given}",
    "wrong-action": f"The statement allows {{given}}; a run asks for `{WEB_IDENTITY}`.",
}
CAUSES: Mapping[str, str] = {**SUBJECT_CAUSES, **OTHER_CAUSES}
"""Every id, and its sentence."""
