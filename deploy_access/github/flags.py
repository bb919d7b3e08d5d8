"""A run that options describe, of which there is no event or token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem, reject
from deploy_access.github.claim_flags import flag_for, read_claims
from deploy_access.github.claims import CLAIMS
from deploy_access.github.issuer import GITHUB_HOST, Issuer
from deploy_access.github.repository import GithubRepo
from deploy_access.github.run import AUDIENCE, Run, is_github, is_server
from deploy_access.github.segment import encode
from deploy_access.github.subject_warnings import form_command
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.github.subject import Subject


_BOTH_FORMS = (
    "Without `--owner-id` and `--repo-id` both forms of `sub` are tried, the legacy one and the "
    "immutable one. GitHub writes the one that begins as `{command}` prints."
)
_OPEN = "GitHub does not say whether repositories at ghe.com have immutable subjects."

_WORKFLOW_REF = re.compile(r"[^/@\s]+/[^/@\s]+/\.github/workflows/[^/@\s]+@\S+")

_NO_IDS = (
    "Without `--owner-id` and `--repo-id` the `repo` of `sub` has no ids here; in repositories of "
    "the immutable form it has."
)


_CONTEXT = "context"
_REPOSITORY = "repo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    What a run is like.

    Attributes:
        repo: `owner/name`, as GitHub shows it.
        branch: The branch that it runs on, or None.
        tag: The tag that it runs on, or None.
        environment: What its job has as `environment:`, or None.
        pull_request: Whether a pull request started it.
        workflow_ref: The workflow's file, `OWNER/REPO/.github/workflows/FILE@REF`, or None.
        owner_id: GitHub's number for the owner, or None.
        repo_id: GitHub's number for the repository, or None.
        audience: The `aud` that it asks for.
        issuer: The URL of the issuer.
        claim: Further claims, each as `NAME=VALUE`.
        claim_keys: GitHub's `include_claim_keys` in their order, where the repository has a
            template of `sub` of its own.
    """

    repo: str
    branch: str | None = None
    tag: str | None = None
    environment: str | None = None
    pull_request: bool = False
    workflow_ref: str | None = None
    owner_id: int | None = None
    repo_id: int | None = None
    audience: str = AUDIENCE
    issuer: str = f"https://{GITHUB_HOST}"
    claim: tuple[str, ...] = ()
    claim_keys: tuple[str, ...] = ()


def describe_run(wanted: Wanted) -> Run:
    """
    Make the run.

    Raises:
        InvalidValue: It says too little, too much, or what GitHub cannot have.
    """
    if wanted.workflow_ref is not None and not _WORKFLOW_REF.fullmatch(wanted.workflow_ref):
        raise InvalidValue(_no_workflow(wanted.workflow_ref))
    reject(_check_wildcards(wanted))
    issuer = Issuer(wanted.issuer)
    repo = GithubRepo(wanted.repo, owner_id=wanted.owner_id, repo_id=wanted.repo_id)
    default = _subject(repo, wanted).exact[0]
    claims = {
        "repository": wanted.repo,
        "repository_id": str(wanted.repo_id or ""),
        "repository_owner_id": str(wanted.owner_id or ""),
        "ref": _ref(wanted) or "",
        "environment": wanted.environment or "",
        "job_workflow_ref": wanted.workflow_ref or "",
    }
    known = {key: value for key, value in claims.items() if value}
    known |= read_claims(wanted.claim, {*known, "repository_owner"})
    custom = bool(wanted.claim_keys)
    return Run(
        name=f"run in {wanted.repo}",
        subject=_custom(wanted, default, known) if custom else default,
        audience=wanted.audience,
        provider=issuer.condition_key_prefix,
        ids_unknown=wanted.repo_id is None and not custom and not issuer.is_server,
        claims={key: value for key, value in known.items() if key in CLAIMS},
        absent=() if wanted.environment else ("environment",),
        described=True,
        notes=tuple(_notes(wanted, issuer)),
    )


def _custom(wanted: Wanted, default: str, claims: Mapping[str, str]) -> str:
    """Fill the template; it may name claims that AWS has no condition key for."""
    more = {"repository_owner": wanted.repo.partition("/")[0]}
    return custom_subject(wanted.claim_keys, default, {**more, **claims})


def _notes(wanted: Wanted, issuer: Issuer) -> Iterator[str]:
    has_repository = not wanted.claim_keys or _REPOSITORY in wanted.claim_keys
    if has_repository and issuer.is_data_residency:
        yield _OPEN
    if wanted.repo_id is None and has_repository and not issuer.is_server:
        both = _BOTH_FORMS.format(command=form_command(wanted.repo))
        yield _NO_IDS if wanted.claim_keys else both


def check_issuer(wanted: Wanted) -> Iterator[Problem]:
    """Check that the issuer is one of GitHub's, and that its `sub` may have the ids."""
    if not is_github(wanted.issuer):
        yield Problem(
            what="The flags describe a run of GitHub Actions.",
            given=wanted.issuer,
            why="The `sub` of another platform has another form, which no flag says.",
            fix="Give the run as a token of that platform: `--token FILE`.",
        )
    ids = {"owner_id": wanted.owner_id, "repo_id": wanted.repo_id}
    if is_server(wanted.issuer.removeprefix("https://")) and any(ids.values()):
        yield Problem(
            what="GitHub Enterprise Server has no immutable subjects.",
            given=ids,
            why="So no `sub` of its tokens has ids.",
            fix="Leave `--owner-id` and `--repo-id` out; a condition on an id is told by "
            "`--claim repository_id=VALUE`.",
        )


def _ref(wanted: Wanted) -> str | None:
    if wanted.branch is not None:
        return f"refs/heads/{wanted.branch}"
    return f"refs/tags/{wanted.tag}" if wanted.tag is not None else None


def _subject(repo: GithubRepo, wanted: Wanted) -> Subject:
    """Build `sub` as GitHub does: an environment wins over everything else."""
    events = [wanted.branch is not None, wanted.tag is not None, wanted.pull_request]
    if sum(events) > 1 or not (any(events) or wanted.environment is not None):
        raise InvalidValue(_one_event(wanted))
    on_ref = repo.pull_request()
    if wanted.branch is not None:
        on_ref = repo.branch(wanted.branch)
    elif wanted.tag is not None:
        on_ref = repo.tag(wanted.tag)
    return on_ref if wanted.environment is None else repo.environment(wanted.environment)


def _events(wanted: Wanted) -> Iterator[str]:
    if wanted.branch is not None:
        yield f"--branch {wanted.branch}"
    if wanted.tag is not None:
        yield f"--tag {wanted.tag}"
    if wanted.pull_request:
        yield "--pull-request"


def _check_wildcards(wanted: Wanted) -> Iterator[Problem]:
    """Refuse patterns, which a policy has and a run has not."""
    for flag in ("repo", "branch", "tag", "environment", "workflow_ref"):
        given: str | None = getattr(wanted, flag)
        if given is not None and has_wildcard(given):
            yield Problem(
                what=f"`--{flag.replace('_', '-')}` takes one name, without `*` and `?`.",
                given=given,
                why="They are wildcards in a policy; the token of a run has one name.",
                fix="Name one that the pattern matches, or ask about each.",
            )


def _no_workflow(given: str) -> Problem:
    return Problem(
        what="That names no workflow file.",
        given=given,
        why="`job_workflow_ref` holds the repository, the file and the ref it was taken from.",
        fix="Write OWNER/REPO/.github/workflows/FILE@REF, with a REF such as refs/heads/main.",
    )


def _one_event(wanted: Wanted) -> Problem:
    return Problem(
        what="A run is on one branch, on one tag, or of a pull request.",
        given=" ".join(_events(wanted)) or wanted.repo,
        why="Its `sub` holds one of them, or the environment of the job.",
        fix="Say one of `--branch`, `--tag`, `--pull-request`, and `--environment` if the job has "
        "one.",
    )


# https://docs.github.com/actions/reference/security/oidc (`include_claim_keys`)
def custom_subject(keys: Iterable[str], default: str, claims: Mapping[str, str]) -> str:
    """
    Join the claims that *keys* name, as GitHub does: `key:value`, a `:` in a value as `%3A`.

    Args:
        keys: In the order of `include_claim_keys`.
        default: The `sub` of the default template, whose end `context` is.
        claims: What is known of the run.

    Raises:
        InvalidValue: Nothing says what one of them is.
    """
    return ":".join(_part(key, default, claims) for key in keys)


def _part(key: str, default: str, claims: Mapping[str, str]) -> str:
    _, repository, context = default.split(":", 2)
    if key == _CONTEXT:
        return context
    if key == _REPOSITORY:
        return f"{key}:{repository}"
    if key not in claims:
        raise InvalidValue(_unknown(key, claims))
    return f"{key}:{encode(claims[key])}"


def _unknown(key: str, claims: Mapping[str, str]) -> Problem:
    known = ", ".join(("repo", _CONTEXT, *claims))
    return Problem(
        what="No flag says what this claim of the run is.",
        given=key,
        why=f"Known are: {known}.",
        fix=f"Say it with `{flag_for(key)}`, or give the run as a token: `--token FILE`.",
    )
