"""What to change in a job so that its token is another one, in the words of its platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.explain.finding import ProposedChange
from deploy_access.explain.snippets import lower_first, quoted, yaml_text
from deploy_access.github.platform_subject import read_subject, write_subject
from deploy_access.github.platforms import owner_of, platform_of, untried_keys
from deploy_access.iam.patterns import matches_plain
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.github.platform_subject import PlatformSubject
    from deploy_access.github.run import Run
    from deploy_access.iam.conditions import Check

Forms = tuple[tuple[str, str], ...]
_ASK = "Ask for the audience that the policy wants"
_WORKSPACE = "ari:cloud:bitbucket::workspace/"


def ask_for_audience(run: Run, audience: str) -> ProposedChange:
    """Return the change that makes the token of a run one for another audience."""
    text, forms = _audience(run, audience)
    return ProposedChange(side="workflow", kind="audience", text=f"{_ASK}{text}", forms=forms)


def _audience(run: Run, audience: str) -> tuple[str, Forms]:
    if run.is_github:
        where = ", in the step that gets credentials:"
        return where, (("YAML", f"audience: {audience}"),)
    platform = platform_of(run.provider, run.subject)
    name = platform.name if platform else ""
    if platform and name == "CircleCI":
        return _of_circleci(audience, owner_of(platform, run.provider))
    if name == "GitLab":
        # https://docs.gitlab.com/ci/yaml/#id_tokens
        text = f"id_tokens:\n  AWS_TOKEN:\n    aud: {yaml_text(audience)}"
        return ", in the job of `.gitlab-ci.yml` that gets credentials:", (("YAML", text),)
    if name == "Bitbucket":
        return _of_bitbucket(audience)
    return f", {audience!r}, where the job gets its token.", ()


def _of_circleci(audience: str, organization: str | None) -> tuple[str, Forms]:
    # https://circleci.com/docs/oidc-tokens-with-custom-claims/
    if audience == organization:
        own = (
            ", the organization's id, which `$CIRCLE_OIDC_TOKEN_V2` and `$CIRCLE_OIDC_TOKEN` have."
        )
        return own, ()
    claims = f'{{"aud": {quoted(audience)}}}'
    return ", in the step that gets credentials:", (
        ("Shell", f"circleci run oidc get --claims '{claims}'"),
    )


def _of_bitbucket(audience: str) -> tuple[str, Forms]:
    # https://www.atlassian.com/blog/bitbucket/bitbucket-pipelines-oidc-now-supports-multiple-audiences
    text = f"oidc:\n  audiences:\n    - {yaml_text(audience)}"
    if audience.startswith(_WORKSPACE):
        # The workspace's own audience is the one of a step that names no other.
        text = "oidc: true"
    return ", in the step of `bitbucket-pipelines.yml`:", (("YAML", text),)


def change_of_subject(held: PlatformSubject, wanted: PlatformSubject) -> tuple[str, Forms] | None:
    """
    Say how a job of the same repository gets another `sub`, without a full stop.

    Args:
        held: The token's.
        wanted: The policy's, which may be a pattern; None is returned where it differs in more than
            a job can change.
    """
    steps = [*_differences(held, wanted)]
    if not steps or None in steps:
        return None
    known = [step for step in steps if step is not None]
    text = "; and ".join(
        lower_first(text) if index else text for index, (text, _) in enumerate(known)
    )
    return text, tuple(form for _, forms in known for form in forms)


def _differences(
    held: PlatformSubject, wanted: PlatformSubject
) -> Iterator[tuple[str, Forms] | None]:
    yield from _other_form(held, wanted)
    for part in held.platform.parts:
        text = wanted.texts.get(part.key)
        is_same = text is None or matches_plain(text, held.texts.get(part.key, ""))
        if text is None or is_same or part.holds == "ref type":
            continue
        if part.holds == "environment":
            yield _environment(wanted, text)
        elif part.holds == "ref":
            yield _ref(wanted, text), ()
        elif part.key != "vcs-origin" or part.key in held.texts:
            yield None  # A job changes neither its repository nor its user.


def _other_form(held: PlatformSubject, wanted: PlatformSubject) -> Iterator[tuple[str, Forms]]:
    """Say how a `sub` gets the parts that the policy's has."""
    if held.platform.name == "CircleCI" and "vcs-ref" in wanted.texts.keys() - held.texts.keys():
        yield "Use `$CIRCLE_OIDC_TOKEN_V2`, whose `sub` names the repository and the ref", ()
    if held.platform.name == "GitLab" and held.texts.keys() != wanted.texts.keys():
        # https://docs.gitlab.com/api/projects/
        keys = ", ".join(f"`{key}`" for key in wanted.texts)
        setting = "`ci_id_token_sub_claim_components` of the projects API"
        if not wanted.is_open:
            yield f"Let `sub` be made of {keys} in all of the project's tokens ({setting})", ()


def _environment(wanted: PlatformSubject, text: str) -> tuple[str, Forms]:
    if not wanted.platform.is_keyed:
        return f"Give the step the `deployment:` whose environment has the UUID {text}", ()
    if has_wildcard(text):
        return f"Give the job an environment that matches {text!r}", ()
    return f"Give the job the environment {text!r}", (("YAML", f"environment: {yaml_text(text)}"),)


def _ref(wanted: PlatformSubject, text: str) -> str:
    kind = wanted.text("ref type") or ("tag" if text.startswith("refs/tags/") else "branch")
    name = text.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if has_wildcard(text):
        return f"Run the pipeline on a {kind} that matches {name!r}"
    return f"Run the pipeline on the {kind} {name!r}"


def notes_on_keys(run: Run, checks: Iterable[Check]) -> Iterator[str]:
    """Say of conditions on keys that AWS has for one platform alone what is not known of them."""
    special = untried_keys(run.provider, run.subject)
    for key in dict.fromkeys(check.key for check in checks):
        if key.casefold().removeprefix(f"{run.provider}:".casefold()) in special:
            yield (
                f"AWS lists the condition key `{key}` since 2026 only. Whether it compares it is "
                "not known here, as it was not tried; `sub` it does compare."
            )


def near_subjects(run: Run) -> list[str]:
    """List subjects that differ from a run's in one part, as those of other runs do."""
    platform = platform_of(run.provider, run.subject)
    if platform is None:
        return []
    subject = read_subject(platform, run.subject)
    changed = ({**subject.texts, key: _other(text)} for key, text in subject.texts.items())
    return [write_subject(platform, texts) for texts in changed]


def _other(text: str) -> str:
    return f"{text[:-1]}0}}" if text.endswith("}") else f"{text}0"
