"""The rules about a job that signs in: what keeps it from working, or goes round it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.terraform.estate import Where
from deploy_access.workflow_audit.sign_ins import CREDENTIALS, KEY_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.workflow_audit.model import GithubJob, Step, Trigger, Written
    from deploy_access.workflow_audit.sign_ins import SignIn

    Hit = tuple[Where, DocumentFinding]

_KEY_VARIABLE = "AWS_ACCESS_KEY_ID"
_STORED = re.compile(r"\$\{\{\s*(secrets|vars)\.|\bA[KS]IA[A-Z0-9]{16}\b", re.IGNORECASE)
_ONE_BRACE = re.compile(
    r"(?<!\$)\$\{\s*(?:env|github|inputs|job|matrix|needs|runner|secrets|steps|vars)\.[\w.-]+\s*\}+"
)
_LOGIN = "aws-actions/amazon-ecr-login"
_BUILDS = re.compile(r"\bdocker\s+(buildx\s+|image\s+)?build\b")
_PUSHES = re.compile(r"push|\bskopeo\b|\bcrane\b", re.IGNORECASE)
# What a script of the repository does is not looked at.
_ELSEWHERE = re.compile(r"(?:^|[\s;&|])(?:\./|bash |sh |make |just |npm |task )", re.MULTILINE)


def check_job(job: GithubJob, sign_ins: Sequence[SignIn]) -> Iterator[Hit]:
    """Check a job by itself."""
    yield from _check_keys(job)
    if not sign_ins:
        return
    if job.id_token is False:
        yield _at(sign_ins[0].step.where, sign_ins[0].role, _no_token(sign_ins[0]))
    yield from _check_closed(job, sign_ins)
    yield from _check_braces(job)
    yield from _check_builds(job)


def _at(where: Where, written: Written, found: DocumentFinding) -> Hit:
    return Where(where.file, where.address, line=written.line or where.line), found


def _check_keys(job: GithubJob) -> Iterator[Hit]:
    for step in job.steps:
        given = step.inputs.get(KEY_ID) if step.action == CREDENTIALS else None
        key = KEY_ID if given else _KEY_VARIABLE
        written = given or step.env.get(_KEY_VARIABLE)
        if written is not None and _STORED.search(written.text):
            found = finding(
                "stored-keys",
                written.text,
                "A key that is stored works for everybody who reads it, from anywhere, until "
                "somebody deletes it.",
                "Ask for a role by the job's token, `role-to-assume` and `id-token: write`, and "
                "delete the key.",
            )
            yield _at(step.where, written, DocumentFinding(found, "", key))
            return


def _no_token(sign_in: SignIn) -> DocumentFinding:
    found = finding(
        "no-id-token",
        "permissions",
        "GitHub gives the job no token to show to AWS, as its `permissions` do not ask for one.",
        "Add `permissions: {id-token: write, contents: read}` to the job, and to a job that calls "
        "it.",
    )
    return DocumentFinding(found, says=f"{sign_in.key}: {sign_in.role.text}, without a token")


def _check_closed(job: GithubJob, sign_ins: Sequence[SignIn]) -> Iterator[Hit]:
    open_ = [one for one in sign_ins if "merged" not in one.condition]
    started = (trigger for one in open_ for trigger in one.triggers)
    trigger = next(filter(_is_closing, started), None)
    if trigger is not None:
        found = finding(
            "closed-unmerged",
            "closed",
            "A pull request that is closed without being merged starts it too, and its code is "
            "what nobody wanted.",
            "Add `if: github.event.pull_request.merged == true` to the job, or start it by a push.",
        )
        where = Where(job.where.file, "on", line=trigger.line)
        yield where, DocumentFinding(found, "", "types")


def _is_closing(trigger: Trigger) -> bool:
    return trigger.event.startswith("pull_request") and "closed" in trigger.types


def _check_braces(job: GithubJob) -> Iterator[Hit]:
    for step in job.steps:
        own = [*step.inputs.items(), ("run", step.run), *step.env.items()]
        for key, written in own:
            found = _ONE_BRACE.search(written.text)
            if found:
                hit = finding(
                    "single-brace",
                    found[0],
                    "GitHub fills in `${{ … }}` alone; this text stays as it is.",
                    f"Write `${{{{ {found[0].strip('${} ')} }}}}`.",
                )
                yield _at(step.where, written, DocumentFinding(hit, "", key))


def _check_builds(job: GithubJob) -> Iterator[Hit]:
    """Find an image that is built for ECR and stays on the runner."""
    if not any(step.action == _LOGIN for step in job.steps):
        return
    built = next((step for step in job.steps if _BUILDS.search(step.run.text)), None)
    if built is None or any(map(_may_push, job.steps)):
        return
    found = finding(
        "build-not-pushed",
        "docker build",
        "The image stays on the runner, and is gone with it: nothing in the job pushes it.",
        "Add `docker push` with the same tag, or `--push` to `docker buildx build`.",
    )
    yield _at(built.where, built.run, DocumentFinding(found, "", "run"))


def _may_push(step: Step) -> bool:
    script = step.run.text
    if _ELSEWHERE.search(script) or _PUSHES.search(script):
        return True
    given = step.inputs.get("push")
    return given is not None and given.text != "false"
