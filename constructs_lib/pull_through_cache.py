"""
The cache of another registry: ECR fetches an image at its first pull, and keeps it.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs_lib.keyword_types import check_value
from constructs_lib.repository_prefix import check_prefix
from constructs_lib.tree import resolve
from deploy_access.errors import Problem, did_you_mean, reject
from deploy_access.iam.arns import Arn
from deploy_access.iam.limits import check_many, check_path, check_role_name, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs_lib.aws_target import AwsTarget

# What `terraform validate` of provider 5.100 says, as AWS's model does.
_PREFIX_LENGTH = 30

# By host, whether it needs a password. The list is closed: ECR refuses any other host.
_UPSTREAMS = {
    "cgr.dev": True,
    "ghcr.io": True,
    "public.ecr.aws": False,
    "quay.io": False,
    "registry-1.docker.io": True,
    "registry.gitlab.com": True,
    "registry.k8s.io": False,
}
# Hosts that people write for them.
_OTHER_NAMES = {
    "docker.io": "registry-1.docker.io",
    "hub.docker.com": "registry-1.docker.io",
    "index.docker.io": "registry-1.docker.io",
    "registry.hub.docker.com": "registry-1.docker.io",
    "gcr.io": "registry.k8s.io",
    "k8s.gcr.io": "registry.k8s.io",
    "gitlab.com": "registry.gitlab.com",
    "gallery.ecr.aws": "public.ecr.aws",
    "github.com": "ghcr.io",
}
_AZURE = re.compile(r"[a-z0-9]{5,50}\.azurecr\.io")
_ECR = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:ecr-pullthroughcache/hub-Ab1"  # noqa: S105
_ROLE = "arn:aws:iam::111122223333:role/ecr-cache"
# A reference to the ARN of a role, of which no other ARN can be made.
_ARN_REFERENCE = re.compile(r"\$\{[^}]*[._]arn\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullThroughCache:
    """
    Keep copies of another registry's images, in repositories that ECR makes when they are pulled.

    Attributes:
        prefix: What the names of the copies begin with: `docker-hub/library/python`.
        upstream: The host of the other registry, for example `registry-1.docker.io`.
        credential: The ARN of the secret with the password for it; its name begins with
            `ecr-pullthroughcache/`.
        role: The ARN of the role with which ECR reads the registry of another AWS account.
        upstream_prefix: The part of the other registry that is kept; `ROOT` is all of it.
        pulled_by: Roles that may pull what is not there yet: a name, `path/name` or an ARN. They
            need permission to pull as well, and have to exist already.

    Raises:
        InvalidValue: Something that ECR would refuse.
    """

    prefix: str
    upstream: str
    credential: str | None = None
    role: str | None = None
    upstream_prefix: str | None = None
    pulled_by: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_value(self)
        object.__setattr__(self, "pulled_by", tuple(self.pulled_by))
        reject(_check(self))

    def puller_arns(self, target: AwsTarget) -> list[str]:
        """Return the ARNs of the roles in `pulled_by`."""
        return [
            role
            if role.startswith("arn:") or _ARN_REFERENCE.fullmatch(resolve(target.stack, role))
            else target.iam_arn(f"role/{role}")
            for role in self.pulled_by
        ]


def check_caches(caches: Sequence[PullThroughCache], target: AwsTarget) -> Iterator[Problem]:
    """Check *caches* against the registry of *target*, and against each other."""
    prefixes = [cache.prefix for cache in caches]
    if len(set(prefixes)) != len(prefixes):
        yield Problem(
            what="Each cache has a `prefix` of its own.",
            given=prefixes,
            why="ECR would not know which registry to ask for an image.",
            fix="Name each after its registry, for example 'docker-hub' and 'ghcr'.",
        )
    for cache in caches:
        yield from _check_secret_place(cache, target)
        yield from _check_role_place(cache, target)


def _check(cache: PullThroughCache) -> Iterator[Problem]:
    yield from check_prefix("prefix", cache.prefix, _PREFIX_LENGTH)
    if not is_reference(cache.upstream):
        yield from _check_upstream(cache.upstream)
        yield from _check_sign_in(cache)
    if cache.credential is not None and not is_reference(cache.credential):
        yield from _check_credential(cache.credential)
    if cache.role is not None:
        yield from check_role_arn("role", cache.role)
    if cache.upstream_prefix is not None:
        yield from check_prefix("upstream_prefix", cache.upstream_prefix, _PREFIX_LENGTH)
    yield from check_many("pulled_by", cache.pulled_by, empty=True)
    for role in cache.pulled_by:
        yield from _check_puller(role)


def _check_upstream(upstream: str) -> Iterator[Problem]:
    if (
        upstream not in _UPSTREAMS
        and not _AZURE.fullmatch(upstream)
        and not _ECR.fullmatch(upstream)
    ):
        host = upstream.removeprefix("https://").partition("/")[0]
        meant = _OTHER_NAMES.get(host) or (host if host in _UPSTREAMS else None)
        near = f"Did you mean {meant!r}?" if meant else did_you_mean(host, _UPSTREAMS)
        yield Problem(
            what="`upstream` is the host of a registry that ECR can keep copies of.",
            given=upstream,
            why=f"ECR knows {', '.join(sorted(_UPSTREAMS))}, `NAME.azurecr.io` and "
            "`ACCOUNT.dkr.ecr.REGION.amazonaws.com`, and refuses any other.",
            fix=near or "Copy the images with a workflow of your own.",
        )


def _check_sign_in(cache: PullThroughCache) -> Iterator[Problem]:
    needs_password = _UPSTREAMS.get(cache.upstream) or _AZURE.fullmatch(cache.upstream)
    if needs_password and cache.credential is None:
        yield Problem(
            what=f"The registry {cache.upstream!r} asks for a password.",
            given={"credential": None},
            why="ECR refuses a cache of it without a secret, also for public images.",
            fix=f"Name the secret as `credential`, for example {_SECRET!r}.",
        )
    is_ecr = _ECR.fullmatch(cache.upstream) is not None
    if (cache.role is not None and not is_ecr) or (cache.credential is not None and is_ecr):
        yield Problem(
            what="`role` is for the registry of another AWS account, `credential` for any other.",
            given={"upstream": cache.upstream, "credential": cache.credential, "role": cache.role},
            why="A registry of AWS takes no password, and others do not know AWS's roles.",
            fix="Remove the one that does not fit.",
        )


def _check_credential(credential: str) -> Iterator[Problem]:
    arn = Arn.parse(credential)
    if (
        arn is None
        or arn.service != "secretsmanager"
        or not arn.resource.startswith("secret:ecr-pullthroughcache/")
    ):
        yield Problem(
            what="`credential` is the ARN of a secret whose name begins with "
            "`ecr-pullthroughcache/`.",
            given=credential,
            why="ECR reads no other secret.",
            fix=f"For example {_SECRET!r}.",
        )


def check_role_arn(keyword: str, role: str) -> Iterator[Problem]:
    """Check the ARN of a role that ECR takes on."""
    arn = Arn.parse(role)
    if is_reference(role) or (arn and arn.is_role and set("*?").isdisjoint(role)):
        return
    yield Problem(
        what=f"`{keyword}` is the ARN of a role.",
        given=role,
        why="ECR takes on this role, and looks for it by its ARN.",
        fix=f"For example {_ROLE!r}.",
    )


def _check_puller(role: str) -> Iterator[Problem]:
    if role.startswith("arn:") or not set("*?").isdisjoint(role):
        yield from check_role_arn("pulled_by", role)
        return
    if role.startswith("/"):
        yield Problem(
            what="A role is given by `name`, `path/name` or ARN.",
            given=role,
            why="A `/` in front would stand twice in its ARN.",
            fix=f"Write {role.strip('/')!r}.",
        )
        return
    path, _, name = role.rpartition("/")
    yield from check_role_name(name)
    yield from check_path(f"/{path}/" if path else "/")


def _check_secret_place(cache: PullThroughCache, target: AwsTarget) -> Iterator[Problem]:
    arn = None if cache.credential is None else Arn.parse(cache.credential)
    if arn is None:
        return
    pairs = ((arn.account, target.account), (arn.region, target.region))
    if any(_differ(given, here) for given, here in pairs):
        yield Problem(
            what="The secret of a cache is in the registry's own account and region.",
            given=cache.credential,
            why=f"ECR looks for it in account {target.account}, region {target.region}.",
            fix="Keep a copy of the secret there.",
        )


def _check_role_place(cache: PullThroughCache, target: AwsTarget) -> Iterator[Problem]:
    upstream = _ECR.fullmatch(cache.upstream)
    if upstream and cache.role is None and _differ(upstream["account"], target.account):
        yield Problem(
            what="The registry of another AWS account is read with a role of this one.",
            given={"upstream": cache.upstream, "role": None},
            why="Without it ECR has no permission over there.",
            fix=f"Name the role as `role`, for example {_ROLE!r}.",
        )
    yield from check_role_place("role", cache.role, target)


def check_role_place(keyword: str, role: str | None, target: AwsTarget) -> Iterator[Problem]:
    """Check that a role that ECR takes on is in the registry's own account."""
    arn = None if role is None else Arn.parse(role)
    if arn and _differ(arn.account, target.account):
        yield Problem(
            what=f"`{keyword}` is a role of the registry's own account, {target.account}.",
            given=role,
            why="ECR takes on no role of another account.",
            fix="Make the role there.",
        )


def _differ(given: str, here: str) -> bool:
    return not is_reference(given) and not is_reference(here) and given != here
