"""
The changes that let in a refused run of another platform than GitHub.

As with GitHub's, each one is put to the evaluator first: to run what the policy trusts, then to
trust more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.explain.finding import ProposedChange, alternatives
from deploy_access.explain.platform_words import ask_for_audience, change_of_subject
from deploy_access.explain.policy_change import trust_pattern
from deploy_access.explain.policy_forms import element_forms
from deploy_access.explain.proposals import (
    checked,
    moved,
    of_policy,
    tags_like,
    what_is_shown,
)
from deploy_access.explain.snippets import lower_first
from deploy_access.github.platform_subject import read_subject, write_subject
from deploy_access.github.platforms import platform_of
from deploy_access.iam.decision import Verdict
from deploy_access.iam.patterns import matches_plain, one_match
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.explain.case import Case
    from deploy_access.explain.platform_words import Forms
    from deploy_access.explain.policy_change import WrittenPolicy
    from deploy_access.github.platform_subject import PlatformSubject

_MOST = 2
"""The runs that are proposed; one is the nearest, another may be the one that is meant."""
_VALUES = 6
"""The values of a policy that are tried."""


def propose_for_platform(case: Case, written: WrittenPolicy) -> tuple[ProposedChange, ...]:
    """List the changes that let a refused run in, each of which is enough."""
    runs = [*_of_runs(case, written)][:_MOST]
    policy = _of_policy(case, written, is_wider=bool(runs))
    return tuple(alternatives([*runs, *policy]))


def _of_runs(case: Case, written: WrittenPolicy) -> Iterator[ProposedChange]:
    audience = _wanted_audience(case)
    asking = ask_for_audience(case.run, audience) if audience else None
    for text, forms, subject in dict.fromkeys(_subjects(case)):
        run = replace(case.run, subject=subject, audience=audience or case.run.audience)
        if moved(case, written, run).decision.verdict is not Verdict.ALLOWED:
            continue
        if asking is not None and not text:
            yield replace(asking, run=run)
        elif asking is None:
            end = " that the policy wants:" if forms else "."
            yield ProposedChange(side="workflow", text=f"{text}{end}", forms=forms, run=run)
        else:
            both = f"{text}; and {lower_first(asking.text)}"
            yield replace(asking, text=both, forms=(*forms, *asking.forms), run=run)


def _wanted_audience(case: Case) -> str | None:
    """Return the audience that the nearest statement wants and the run has not."""
    for check in case.failing:
        if case.claim_of(check) == "aud":
            wanted = case.nearest_value(check)
            return None if has_wildcard(wanted) else wanted
    return None


def _subjects(case: Case) -> Iterator[tuple[str, Forms, str]]:
    """List the subjects that the nearest statement wants, each with what gives it to a job."""
    fails = [check for check in case.failing if case.claim_of(check) == "sub"]
    if not fails:
        if _wanted_audience(case):
            yield "", (), case.subject
        return
    platform = platform_of(case.run.provider, case.subject)
    if platform is None:
        return
    held = read_subject(platform, case.subject)
    nearest = case.nearest_value(fails[0])
    for value in dict.fromkeys([nearest, *fails[0].wanted[:_VALUES]]):
        wanted = read_subject(platform, value)
        change = None if wanted.problem else change_of_subject(held, wanted)
        if change is not None:
            yield *change, _one_of(held, wanted)


def _one_of(held: PlatformSubject, wanted: PlatformSubject) -> str:
    """Write a subject that matches the policy's, with the token's values where they will do."""
    texts = {
        key: own if own and matches_plain(text, own) else one_match(text)
        for key, text in wanted.texts.items()
        for own in (held.texts.get(key),)
    }
    return write_subject(held.platform, texts | (_rest(held, texts) if wanted.is_open else {}))


def _rest(held: PlatformSubject, texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in held.texts.items() if key not in texts}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """
    The runs to trust beside a refused one.

    Attributes:
        texts: The parts of their `sub` as a pattern; empty where the run's own is trusted.
        what: The runs in words.
        risk: What has to be so, for it to be no mistake; empty where nothing has to.
    """

    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    what: str = ""
    risk: str = ""


def _of_policy(case: Case, written: WrittenPolicy, *, is_wider: bool) -> Iterator[ProposedChange]:
    platform = platform_of(case.run.provider, case.subject)
    held = read_subject(platform, case.subject) if platform else None
    kind = _Kind() if held is None or held.problem else _kind(held, is_wider=is_wider)
    risk = f"{kind.risk}: " if kind.risk else ""
    if platform is None or not kind.texts:
        for one in of_policy(case, written):
            text = lower_first(one.text) if risk else one.text
            yield replace(one, text=f"{risk}{text}")
        return
    pattern = write_subject(platform, kind.texts)
    change = checked(case, written, pattern, trust_pattern(case, written, pattern))
    if change is not None:
        doing = f"trust {kind.what}, by a statement of its own."
        if _wanted_audience(case):
            doing += f" Have {case.run.audience!r} among the provider's client ids too."
        doing += f" {what_is_shown(change)}"
        yield ProposedChange(
            side="policy",
            text=f"{risk}in the policy, {doing}" if risk else f"In the policy, {doing}",
            forms=element_forms(change, case.role),
            policy=change.document,
        )


def _kind(held: PlatformSubject, *, is_wider: bool) -> _Kind:
    """Return what to trust, as a pattern where the `sub` of a run comes once."""
    if not held.platform.is_keyed:
        return _of_step(held)
    ref = held.text("ref") or ""
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if held.text("ref type") == "tag" or ref.startswith("refs/tags/"):
        return _of_tag(held, ref, name)
    risk = f"Only if whoever may push to {name!r} may deploy" if is_wider and name else ""
    if "vcs-ref" in held.texts:
        return _Kind(texts=_any_user(held), what=f"{name!r}, whoever starts the run", risk=risk)
    if "user" in held.texts:
        risk = "Only if what this user starts may deploy, on any branch"
    return _Kind(risk=risk)


def _of_step(held: PlatformSubject) -> _Kind:
    named = {key: text for key, text in held.texts.items() if key != "step"}
    if "environment" in named:
        return _Kind(texts={**named, "step": "*"}, what="this deployment environment")
    return _Kind(
        texts={**named, "step": "*"},
        what="the repository, as the UUID of a step comes once",
        risk="Only if every branch and pull request of the repository may deploy",
    )


def _of_tag(held: PlatformSubject, ref: str, name: str) -> _Kind:
    tags = tags_like(name)
    if tags is None:
        return _Kind(risk="Only for this one run, as a tag comes once")
    like = f"{ref.removesuffix(name)}{tags}"
    texts = {key: like if text == ref else text for key, text in _any_user(held).items()}
    what = f"every tag that matches {tags!r}"
    return _Kind(texts=texts, what=what, risk="Only if whoever may push a tag may deploy")


def _any_user(held: PlatformSubject) -> dict[str, str]:
    return {key: "*" if key == "user" else text for key, text in held.texts.items()}
