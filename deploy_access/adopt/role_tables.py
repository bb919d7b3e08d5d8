"""The tables of one role in `environments.toml`."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from deploy_access.adopt.lifecycles import read_rules, takes_tagged
from deploy_access.adopt.repositories import encryption, exclusions, mutability, pulling, scans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.adopt.existing import Existing
    from deploy_access.adopt.model import Deployment, RoleEntry
    from deploy_access.adopt.subjects import SubjectLine
    from deploy_access.adopt.toml_text import TomlText

_SESSION = 3600
_ACCEPTED = "It was so before it was taken over."


def service_ids(repository: str, entries: list[RoleEntry]) -> dict[str, int]:
    """Return the ids of a service's repository, where all that is trusted of it has them."""
    lines = [line for entry in entries for line in entry.lines if line.repository == repository]
    ids = {(line.owner_id, line.repo_id) for line in lines}
    owner_id, repo_id = ids.pop() if len(ids) == 1 else (None, None)
    if owner_id is None or repo_id is None:
        return {}
    return {"owner_id": owner_id, "repo_id": repo_id}


def put_role(
    toml: TomlText, entry: RoleEntry, repository: str, owner: str, ids: Mapping[str, int]
) -> None:
    """Write the table of a role, and those of its images and of its deployment."""
    path = ("services", entry.service, "environments", entry.environment)
    toml.table(*path)
    file = PurePath(entry.role.file).name
    toml.comment(f"{entry.role.text('arn') or entry.name}, from {file}")
    toml.put("role_name", entry.name)
    _put_settings(toml, entry)
    toml.put("import_existing", imports(entry))
    for line in entry.lines:
        if line.instead_of:
            toml.comment(f"No token carries {line.instead_of!r}; this is what may be meant.")
    toml.put("subjects", [_subject(line, repository, owner, ids) for line in entry.lines])
    for rule, reason in entry.accept.items():
        toml.put(f"accept.{rule}", reason)
    if entry.managed:
        toml.put("managed_policies", list(entry.managed))
    _put_people(toml, entry)
    toml.table(*path, "ecr")
    _put_images(toml, entry)
    if entry.deployment is not None:
        toml.table(*path, "ecs")
        _put_deployment(toml, entry.deployment)


def imports(entry: RoleEntry) -> list[str]:
    """List what Terraform takes over with a role."""
    deployment = entry.deployment
    parts = {
        "role": True,
        "managed_policies": bool(entry.managed),
        "push_policy": entry.push_policy is not None,
        "ecs_policy": deployment is not None and deployment.policy is not None,
        "ecs_attachment": deployment is not None and deployment.is_attached,
        "repository": entry.found is not None,
        "lifecycle": entry.found is not None and entry.lifecycle is not None,
        "repository_policy": entry.found is not None and entry.repository_policy is not None,
    }
    return [part for part, is_there in parts.items() if is_there]


def _put_settings(toml: TomlText, entry: RoleEntry) -> None:
    role = entry.role
    if role.text("path") not in {"", "/"}:
        toml.put("role_path", role.text("path"))
    seconds = role.values.get("max_session_duration")
    if isinstance(seconds, int) and seconds != _SESSION:
        toml.put("max_session_duration", seconds)
    if role.text("permissions_boundary"):
        toml.put("permissions_boundary", role.text("permissions_boundary"))
    if entry.audience:
        toml.put("audience", entry.audience)


def _put_people(toml: TomlText, entry: RoleEntry) -> None:
    roles = [
        {"arn": arn, **({"source_identity": list(names)} if names else {})}
        for arn, names in sorted(entry.trust.roles.items())
    ]
    if roles:
        toml.put("trusted_roles", roles)
    if entry.trust.users:
        toml.put("trusted_users", sorted(entry.trust.users))


def _subject(
    line: SubjectLine, repository: str, owner: str, ids: Mapping[str, int]
) -> dict[str, object]:
    found: dict[str, object] = {line.key: line.value}
    own = {
        key: value
        for key, value in (("owner_id", line.owner_id), ("repo_id", line.repo_id))
        if value is not None
    }
    if not line.is_of_owner and (line.repository != repository or own != dict(ids)):
        found["repository"] = line.repository
        ours = line.owner == owner and "repo_id" in own
        found |= {key: value for key, value in own.items() if not (ours and key == "owner_id")}
    for key, claims in (
        ("requiring", line.requiring),
        ("requiring_pattern", line.requiring_pattern),
    ):
        if claims:
            said = {name: v[0] if len(v) == 1 else list(v) for name, v in sorted(claims.items())}
            found[key] = said
    return found


def _put_images(toml: TomlText, entry: RoleEntry) -> None:
    if entry.image != "create" or entry.found is None:
        toml.put("repository", entry.image)
        if entry.image == "existing":
            toml.put("name", entry.repository)
            _put_push(toml, entry)
        return
    toml.put("name", entry.repository)
    _put_push(toml, entry)
    _put_repository(toml, entry.found)
    accounts = pulling(entry.repository_policy) if entry.repository_policy else None
    if accounts:
        toml.put("pull_accounts", accounts)
    # Without a lifecycle policy nothing is deleted; the construct's own would delete.
    toml.put("lifecycle", read_rules(entry.lifecycle) or [] if entry.lifecycle else [])
    if entry.lifecycle is not None and takes_tagged(entry.lifecycle):
        toml.put("accept.expires-tagged", _ACCEPTED)


def _put_push(toml: TomlText, entry: RoleEntry) -> None:
    if entry.push_policy is not None:
        toml.put("push_policy_name", entry.push_policy.text("name"))
    if entry.reads_layers:
        toml.put("push_cache", value=True)


def _put_repository(toml: TomlText, found: Existing) -> None:
    if mutability(found).startswith("MUTABLE"):
        toml.put("tag_mutability", "mutable")
    if exclusions(found):
        toml.put("tag_exclusions", exclusions(found))
    kind, key = encryption(found)
    if kind == "KMS" and key:
        toml.put("kms_key", key)
    if not scans(found):
        toml.put("scan_on_push", value=False)


def _put_deployment(toml: TomlText, deployment: Deployment) -> None:
    toml.put("cluster", deployment.cluster)
    toml.put("services", list(deployment.services))
    toml.put("task_roles", list(deployment.task_roles))
    toml.put("execution_role", deployment.execution_role)
    if deployment.reads_definition:
        toml.put("read_task_definition", value=True)
    if deployment.policy is not None:
        toml.put("policy_name", deployment.policy.text("name"))
        toml.put("policy_description", deployment.policy.text("description"))
