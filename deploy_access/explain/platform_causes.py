"""The causes why the `sub` of another platform than GitHub differs from a policy's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.causes import SUBJECT_CAUSES
from deploy_access.explain.finding import Cause
from deploy_access.github.platform_subject import problem_of, read_subject
from deploy_access.github.platforms import platform_of
from deploy_access.github.subject_claim import same
from deploy_access.iam.patterns import matches_plain

if TYPE_CHECKING:
    from deploy_access.explain.subject_changes import SubjectDifference
    from deploy_access.github.platform_subject import PlatformSubject
    from deploy_access.github.platforms import Platform

_REFS = {
    ("branch", "branch"): "other-branch",
    ("branch", "tag"): "branch-not-tag",
    ("tag", "branch"): "tag-not-branch",
    ("tag", "tag"): "other-tag",
}
"""The cause of another ref, by the run's kind and the policy's."""


def platform_cause(provider: str, difference: SubjectDifference) -> Cause:
    """Return the cause, which is `other-subject` where nothing more is known."""
    if same(difference.wanted, difference.held):
        return Cause(id="letter-case", text=SUBJECT_CAUSES["letter-case"])
    platform = platform_of(provider, difference.held)
    problem = problem_of(provider, difference.wanted)
    if platform and problem:
        text = f"The policy's value never matches a `sub` of {platform.name}. {problem}"
        return Cause(id="bad-ref", text=f"{text} It looks like `{platform.narrow}`.")
    cause, fields = _named(platform, difference) if platform else ("other-subject", {})
    return Cause(id=cause, text=SUBJECT_CAUSES[cause].format(**fields))


def _named(platform: Platform, difference: SubjectDifference) -> tuple[str, dict[str, str]]:
    held = read_subject(platform, difference.held)
    wanted = read_subject(platform, difference.wanted)
    own, other = held.text("repository") or "", wanted.text("repository") or ""
    if own and other and not matches_plain(other, own):
        return "other-repository", {"held_repository": own, "wanted_repository": other}
    (is_of, on), (is_for, to) = _ref(held), _ref(wanted)
    if on and to and (is_of, is_for) in _REFS:
        return _REFS[is_of, is_for], {"held_value": on, "wanted_value": to}
    return "other-subject", {}


def _ref(subject: PlatformSubject) -> tuple[str, str]:
    """Return the kind of a ref, and its name."""
    ref = subject.text("ref") or ""
    kind = subject.text("ref type") or ("tag" if ref.startswith("refs/tags/") else "branch")
    return kind, ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
