"""The answers of the roles to each sign-in, for each thing that starts its job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.explain.decide import explain_run
from deploy_access.explain.role_lookup import roles_asked_for
from deploy_access.github.flags import describe_run
from deploy_access.github.subject_claim import parse_subject
from deploy_access.github.trusted_subject import named_subjects
from deploy_access.iam.documents import read_policy
from deploy_access.workflow_audit.expressions import is_open, pattern_of
from deploy_access.workflow_audit.triggers import refs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.explain.finding import Answer, Cause, RoleAnswer
    from deploy_access.github.flags import Wanted
    from deploy_access.terraform.estate import Estate, Role
    from deploy_access.workflow_audit.model import Trigger
    from deploy_access.workflow_audit.sign_ins import SignIn
    from deploy_access.workflow_audit.triggers import RunRef

_MOST = 20
"""The refs that a role names and that are looked at for one trigger."""
_WORKFLOWS = ".github/workflows/"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAnswer:
    """
    The answer to one run.

    Attributes:
        trigger: What starts it.
        ref: What it is on.
        answer: Whether a role lets it in.
        cause: Why not; None where nothing is known.
        command: The command that explains it.
    """

    trigger: Trigger
    ref: RunRef
    answer: Answer
    cause: Cause | None
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAnswers:
    """
    A sign-in and the roles.

    Attributes:
        sign_in: The sign-in.
        roles: The roles that were read and may be the one that it asks for.
        runs: The answers of these; empty where the repository is not known.
    """

    sign_in: SignIn
    roles: tuple[Role, ...]
    runs: tuple[RunAnswer, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is not known which role it asks for."""
        return is_open(self.sign_in.role.text)

    def may_get_in(self, trigger: Trigger) -> bool:
        """Whether some run of a trigger is let in, or may be."""
        answers = [one.answer for one in self.runs if one.trigger is trigger]
        return self.is_open or not answers or any(one != "denied" for one in answers)


def answer_sign_in(sign_in: SignIn, estate: Estate, repo: Wanted | None) -> SignInAnswers:
    """
    Ask the roles.

    Args:
        sign_in: The sign-in.
        estate: The roles.
        repo: The repository, or None where it is not known.
    """
    roles = _asked(sign_in.role.text, estate)
    runs: list[RunAnswer] = []
    if roles and repo is not None:
        asked = replace(estate, roles=tuple(roles))
        own = replace(repo, audience=sign_in.audience)
        for trigger in sign_in.triggers:
            runs += _of_trigger(sign_in, trigger, asked, own)
    return SignInAnswers(sign_in=sign_in, roles=tuple(roles), runs=tuple(runs))


def _asked(role: str, estate: Estate) -> list[Role]:
    if is_open(role):
        pattern = pattern_of(role)
        return [one for one in estate.roles if pattern.fullmatch(one.arn or role)]
    if role.startswith("arn:"):
        return roles_asked_for(role, estate.roles)
    return [one for one in estate.roles if one.name == role]


def _of_trigger(
    sign_in: SignIn, trigger: Trigger, asked: Estate, repo: Wanted
) -> Iterator[RunAnswer]:
    """Answer each run that is named; of many that may be, the one that a role lets in, or one."""
    refs = refs_of(trigger, _trusted(asked.roles))
    for ref in (one for one in refs if one.is_certain):
        yield _answer(sign_in, trigger, ref, asked, repo)
    others = [_answer(sign_in, trigger, one, asked, repo) for one in refs if not one.is_certain]
    let_in = [one for one in others if one.answer != "denied"]
    yield from let_in[:1] or others[-1:]


def _answer(
    sign_in: SignIn, trigger: Trigger, ref: RunRef, asked: Estate, repo: Wanted
) -> RunAnswer:
    wanted = _wanted(sign_in, ref, repo)
    found: RoleAnswer | None = None
    if not is_open(sign_in.job.environment.text):
        try:
            found = next(iter(explain_run(describe_run(wanted), asked).findings), None)
        except InvalidValue:  # a name that GitHub cannot have, or that Terraform fills in
            found = None
    return RunAnswer(
        trigger=trigger,
        ref=ref,
        answer=found.answer if found else "unknown",
        cause=found.cause if found else None,
        command=_command(wanted),
    )


def _wanted(sign_in: SignIn, ref: RunRef, repo: Wanted) -> Wanted:
    environment = sign_in.job.environment.text or None
    is_told = ref.is_certain or environment is None
    file, of = sign_in.job.written_in, _full(ref)
    has_file = is_told and file.startswith(_WORKFLOWS)
    return replace(
        repo,
        environment=environment,
        branch=ref.name if ref.kind == "branch" and is_told else None,
        tag=ref.name if ref.kind == "tag" and is_told else None,
        pull_request=ref.kind == "pull_request",
        workflow_ref=f"{repo.repo}/{file}@{of}" if has_file else None,
    )


def _full(ref: RunRef) -> str:
    if ref.kind == "pull_request":
        return "refs/pull/1/merge"
    return f"refs/{'heads' if ref.kind == 'branch' else 'tags'}/{ref.name}"


def _command(wanted: Wanted) -> str:
    said = [
        f"--branch {wanted.branch}" if wanted.branch else "",
        f"--tag {wanted.tag}" if wanted.tag else "",
        "--pull-request" if wanted.pull_request else "",
        f"--environment {wanted.environment}" if wanted.environment else "",
        f"--owner-id {wanted.owner_id}" if wanted.owner_id else "",
        f"--repo-id {wanted.repo_id}" if wanted.repo_id else "",
    ]
    return f"deploy-access explain --repo {wanted.repo} {' '.join(filter(None, said))}"


def _trusted(roles: Sequence[Role]) -> list[tuple[str, str]]:
    """List the branches and tags that the roles name, a pattern as one that it matches."""
    found = dict.fromkeys(ref for role in roles[:_MOST] for ref in _named(role))
    return list(found)[:_MOST]


def _named(role: Role) -> Iterator[tuple[str, str]]:
    try:
        policy = read_policy(role.trust.content or "").policy if role.trust else None
    except InvalidValue:
        return
    for subject in named_subjects(policy) if policy else ():
        parts = parse_subject(subject.value)
        if parts and parts.context in {"branch", "tag"}:
            yield parts.context, parts.value.replace("*", "x").replace("?", "x")
