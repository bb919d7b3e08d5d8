"""Workflows, with the local workflows and actions that they call, as jobs and their steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.input_file import shown_name
from deploy_access.terraform.estate import Where
from deploy_access.workflow_audit.files import Files, checkout_of, own_path, workflow_files
from deploy_access.workflow_audit.model import GithubJob, Workflows, Written
from deploy_access.workflow_audit.scopes import choices_of, rows_of, settings_scope
from deploy_access.workflow_audit.steps import read_steps
from deploy_access.workflow_audit.triggers import CALL, read_triggers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from deploy_access.workflow_audit.model import Trigger
    from deploy_access.workflow_audit.scopes import NameScope
    from deploy_access.workflow_audit.yaml_file import YamlNode

_MOST = 2_000
"""The jobs that are looked at, each row of a matrix counted."""
_DEEPEST = 10
"""How deep workflows call each other here, as GitHub stops at fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A workflow as it is started: by its events, or by a job of another."""

    root: Path
    file: str  # seen from the checkout
    started: str  # the file that the event starts, seen from the checkout
    content: YamlNode
    scope: NameScope
    triggers: tuple[Trigger, ...]
    prefix: str = ""
    condition: str = ""
    permission: bool | None = False  # what a job has that asks for none
    depth: int = 0

    @property
    def shown(self) -> str:
        return shown_name(self.root / self.file)


def read_workflows(paths: Iterable[Path], variables: Mapping[str, str]) -> Workflows:
    """
    Read files and folders of workflows.

    Args:
        paths: The files and folders.
        variables: What variables, secrets and inputs are.

    Raises:
        InvalidValue: One of them cannot be read, or is no workflow.
    """
    files, scope = Files(), settings_scope(variables)
    named = [file for path in paths for file in workflow_files(path)]
    contents = {file: files.workflow(file) for file in dict.fromkeys(named)}
    called = {uses for content in contents.values() for uses in _local_calls(content)}
    jobs: list[GithubJob] = []
    for file, content in contents.items():
        for call in _started(file, content, scope, called):
            for job in _jobs(call, files):
                jobs.append(job)
                if len(jobs) >= _MOST:
                    files.note(shown_name(file), f"More than {_MOST} jobs.", job.where)
                    return _all(contents, jobs, files)
    return _all(contents, jobs, files)


def _all(contents: Mapping[Path, YamlNode], jobs: list[GithubJob], files: Files) -> Workflows:
    return Workflows(files=len(contents), jobs=tuple(jobs), problems=tuple(files.problems))


def _local_calls(content: YamlNode) -> Iterator[str]:
    for job in content.get("jobs").entries.values():
        path = own_path(job.get("uses").text)
        if path is not None:
            yield path


def _started(file: Path, content: YamlNode, scope: NameScope, called: set[str]) -> Iterator[_Call]:
    """Start a workflow by its events; one that is only called is read where it is called."""
    root = checkout_of(file)
    inside = file.relative_to(root).as_posix()
    triggers = read_triggers(content.get("on"))
    own = tuple(one for one in triggers if one.event != CALL)
    is_called = len(own) < len(triggers)
    if is_called and not own and inside in called:
        return
    for inputs in choices_of(content.get("on"), scope.known):
        yield _Call(
            root=root,
            file=inside,
            started=inside,
            content=content,
            scope=scope.with_names("inputs", inputs),
            triggers=own,
            permission=None if is_called and not own else False,
        )


def _jobs(call: _Call, files: Files) -> Iterator[GithubJob]:
    content = call.content
    scope = call.scope.with_env(content.get("env"))
    inherited = _permission(content.get("permissions"), call.permission)
    for name, node in content.get("jobs").entries.items():
        for row in rows_of(node.get("strategy"), scope):
            own = scope.with_names("matrix", row)
            permission = _permission(node.get("permissions"), inherited)
            if call.depth and call.permission is False:
                permission = False  # a called workflow has no more than its caller
            made = _one(call, name, node, own, permission)
            if node.get("uses").is_there:
                yield from _called(call, made, node, own, files)
            else:
                env = own.with_env(node.get("env"))
                steps = tuple(read_steps(node, env, call.root, files, made.where))
                yield replace(made, steps=steps)


def _one(
    call: _Call, name: str, node: YamlNode, scope: NameScope, permission: bool | None
) -> GithubJob:
    environment = node.get("environment")
    named = environment.get("name") if environment.entries else environment
    return GithubJob(
        name=f"{call.prefix}{name}",
        where=Where(call.shown, f"jobs.{name}", line=node.line),
        workflow=call.started,
        written_in=call.file,
        triggers=call.triggers,
        condition=f"{call.condition} {node.get('if').text}".strip(),
        environment=scope.resolve(named),
        id_token=permission,
        steps=(),
    )


def _called(
    call: _Call, job: GithubJob, node: YamlNode, scope: NameScope, files: Files
) -> Iterator[GithubJob]:
    uses = node.get("uses").text
    if own_path(uses) is None or call.depth >= _DEEPEST:
        if job.id_token is not False:
            what = "A workflow of another repository may sign in; it is not read."
            files.note(uses, what, replace(job.where, line=node.get("uses").line))
        return
    found = files.called(call.root, uses, replace(job.where, line=node.get("uses").line))
    if found is None:
        return
    file, content = found
    inner = replace(
        call,
        file=file,
        content=content,
        scope=_passed(node, content, scope),
        prefix=f"{job.name} / ",
        condition=job.condition,
        permission=job.id_token,
        depth=call.depth + 1,
    )
    yield from _jobs(inner, files)


def _passed(node: YamlNode, content: YamlNode, scope: NameScope) -> NameScope:
    """Return what a called workflow sees: its inputs, its secrets, and the variables."""
    declared = content.get("on", CALL, "inputs").entries
    defaults = {
        n: one.get("default").text for n, one in declared.items() if one.get("default").text
    }
    given = {key: scope.resolve(one).text for key, one in node.get("with").entries.items()}
    inner = scope.only_settings().with_names("inputs", {**defaults, **given})
    secrets = node.get("secrets").entries
    passed: Mapping[str, Written] = {key: scope.resolve(one) for key, one in secrets.items()}
    return inner.with_names("secrets", {key: one.text for key, one in passed.items()})


def _permission(node: YamlNode, otherwise: bool | None) -> bool | None:
    """Whether `permissions:` lets a job ask for a token."""
    if not node.is_there:
        return otherwise
    return node.text == "write-all" or node.get("id-token").text == "write"
