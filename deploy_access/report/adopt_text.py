"""What is taken over and what is not, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.adopt.role_tables import imports
from deploy_access.report.lines import counted, one_line, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy_access.adopt.model import Adoption, Leftover, RoleEntry

_PARTS = {
    "role": "the role",
    "managed_policies": "its managed policies",
    "push_policy": "the policy of the push",
    "ecs_policy": "the policy of the deployment",
    "ecs_attachment": "its attachment",
    "repository": "the repository of images",
    "lifecycle": "its lifecycle policy",
    "repository_policy": "its policy for other accounts",
}


def render_adoption(found: Adoption) -> str:
    """Render each role that is taken over, then what is not, then the counts."""
    blocks = [*map(_role, found.roles), *_providers(found), *_not_taken(found), _summary(found)]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _role(entry: RoleEntry) -> Iterator[str]:
    yield one_line(f"Role {entry.name} (account {entry.account}): [{table_of(entry)}]")
    yield f"  taken over: {', '.join(_PARTS[part] for part in imports(entry))}"
    if entry.repository:
        made = "pushed to by name" if entry.image == "existing" else "taken over"
        yield one_line(f"  images: {entry.repository}, {made}")
    yield from (one_line(f"  rewritten: {what}") for what in rewritten(entry))
    yield from (one_line(f"  kept: {arn}") for arn in entry.managed)
    yield from (
        whole(f"  no token carries `{line.instead_of}`, so it is written as `{line.text}`")
        for line in entry.lines
        if line.instead_of
    )
    yield from (whole(f"  never: {never}") for never in entry.never)
    yield from (whole(f"  locked out: {lost}") for lost in entry.trust.lost)
    for leftover in entry.stays:
        yield from _stays(leftover)
    yield from (whole(f"  note: {note}") for note in entry.notes)


def table_of(entry: RoleEntry) -> str:
    """Return the name of a role's table in `environments.toml`."""
    return f"services.{entry.service}.environments.{entry.environment}"


def rewritten(entry: RoleEntry) -> Iterator[str]:
    """Name the policies of a role that are written anew."""
    yield "the trust policy"
    if entry.push_policy is not None:
        yield f"{entry.push_policy.text('name')}, the policy of the push"
    if entry.deployment is not None and entry.deployment.policy is not None:
        yield f"{entry.deployment.policy.text('name')}, the policy of the deployment"


def _stays(leftover: Leftover) -> Iterator[str]:
    goes = "It can go once this is applied" if leftover.is_covered else "This would remove it"
    yield whole(f"  stays, unmanaged: {leftover.name}. {leftover.why}")
    yield whole(f"    {goes}: {leftover.command}")


def _providers(found: Adoption) -> Iterator[list[str]]:
    for account in found.accounts:
        url = f"https://{account.issuer}"
        if account.provider is not None:
            line = f"OIDC provider {url} (account {account.id}): taken over"
        elif account.is_listed:
            line = f"OIDC provider {url} (account {account.id}): is made, as there is none"
        else:
            line = f"OIDC provider {url} (account {account.id}): looked up, as no file lists any"
        yield [line, *(f"  left alone: {arn}" for arn in account.retired)]


def _not_taken(found: Adoption) -> Iterator[list[str]]:
    if found.not_taken:
        yield [
            "Not taken over, though GitHub reaches it:",
            *(
                whole(f"  {one.name} (account {one.account}): {'; '.join(one.reasons)}")
                for one in found.not_taken
            ),
        ]


def _summary(found: Adoption) -> list[str]:
    alone = (
        counted(found.foreign_roles, "role"),
        _plural(found.foreign_repositories, "repository", "repositories"),
        counted(found.foreign_providers, "OIDC provider"),
    )
    taken = f"{counted(len(found.roles), 'role')} taken over, {len(found.not_taken)} not"
    return [f"{taken}; foreign and left alone: {', '.join(alone)}."]


def _plural(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
