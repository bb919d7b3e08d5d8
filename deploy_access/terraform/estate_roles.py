"""
The roles of all files, each with the policies that any file gives it.

A role is an account and a name. A role whose account or name is not known belongs to its own file;
a policy of another file finds it by its name, if only one role has that name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from deploy_access.iam.arns import Arn
from deploy_access.terraform.estate import Estate, Role, Unread
from deploy_access.terraform.partial_documents import either, resting_on
from deploy_access.terraform.second_writers import last_writers, only_one_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.estate import (
        IdentityProvider,
        NamedPolicy,
        Repository,
        ResourcePolicy,
        Where,
    )
    from deploy_access.terraform.file_facts import Gathered, Grant, Managed


_Key: TypeAlias = tuple[str, str | None, str]


def join(found: Gathered) -> Estate:
    """Give every role its policies."""
    joined = _Join(found)
    return Estate(
        roles=tuple(sorted(joined.roles(), key=_order)),
        providers=tuple(sorted(found.providers, key=_place)),
        repositories=tuple(sorted(found.repositories, key=_place)),
        resource_policies=tuple(sorted(last_writers(found.resource_policies), key=_place)),
        lifecycles=tuple(sorted(found.lifecycles, key=_place)),
        problems=tuple(dict.fromkeys([*found.problems, *joined.problems])),
    )


class _Join:
    """Roles and the policies that are given to them, joined by account and name."""

    def __init__(self, found: Gathered) -> None:
        self.problems: list[Unread] = []
        self._made = found.roles
        self._grants = found.grants
        self._known = KnownPolicies(found.managed)
        self._keys = {_role_key(role): role.account for role in found.roles}
        self._by_name: dict[str, set[_Key]] = defaultdict(set)
        for key in self._keys:
            self._by_name[key[2]].add(key)

    def roles(self) -> list[Role]:
        """Return the roles that are made, then those that only a policy names."""
        given: dict[_Key, list[Grant]] = defaultdict(list)
        for grant in self._grants:
            given[self._target(grant)].append(grant)
        policies = {key: self._policies(grants) for key, grants in given.items()}
        made = [self._with(role, policies.get(_role_key(role), ())) for role in self._made]
        named = [key for key in given if key not in self._keys]
        return [*made, *(_elsewhere(given[key][0], policies[key]) for key in named)]

    def _target(self, grant: Grant) -> _Key:
        exact = _key(grant.account, grant.role, grant.where)
        if exact in self._keys or not grant.known:
            return exact
        # The account of the policy or of the role is not known, so the name alone decides.
        named = [
            key
            for key in self._by_name.get(grant.role, ())
            if grant.account is None or self._keys[key] is None
        ]
        if named:
            self.problems.append(_by_name_alone(grant, sure=len(named) == 1))
        return named[0] if len(named) == 1 else exact

    def _with(self, role: Role, policies: tuple[NamedPolicy, ...]) -> Role:
        """Give a role its policies; a role without any is not copied, as most of thousands are."""
        if not policies and not role.policies and role.boundary is None:
            return role
        return replace(role, policies=policies, boundary=self._boundary(role))

    def _boundary(self, role: Role) -> NamedPolicy | None:
        return self._complete([role.boundary])[0] if role.boundary else None

    def _policies(self, grants: Iterable[Grant]) -> tuple[NamedPolicy, ...]:
        """Find the documents of attached policies; a policy that is attached twice counts once."""
        known = self._complete([grant.policy for grant in grants])
        certain = {_same(policy) for policy in known if not policy.premises}
        # Read from the end, so that of two attachments the first one stays.
        once = {
            (_same(policy), policy.premises): policy
            for policy in reversed(known)
            if not policy.premises or _same(policy) not in certain
        }
        found = _last_inline(once.values())
        return tuple(sorted(found, key=lambda p: (p.kind, p.name, str(p.where))))

    def _complete(self, policies: Iterable[NamedPolicy]) -> list[NamedPolicy]:
        known = [self._known.complete(policy) for policy in policies]
        self.problems += [_no_document(policy) for policy in known if _is_unknown(policy)]
        return known


def _same(policy: NamedPolicy) -> object:
    return policy.arn or (policy.name, policy.where)


def _last_inline(policies: Iterable[NamedPolicy]) -> Iterator[NamedPolicy]:
    """Return the policies of a role; of two inline policies of one name each may be the last."""
    named = defaultdict[str, list["NamedPolicy"]](list)
    for policy in policies:
        if policy.kind == "inline" and policy.document:
            named[policy.name].append(policy)
        else:
            yield policy
    for several in named.values():
        written = [(one.where, one.document) for one in several if one.document]
        documents = only_one_counts(written, "write it, and the last one wins")
        for one, document in zip(several, documents, strict=True):
            yield replace(one, document=document)


def _elsewhere(grant: Grant, policies: tuple[NamedPolicy, ...]) -> Role:
    """Return a role that is made elsewhere: its name and the policies that are given to it."""
    return Role(
        account=grant.account,
        name=grant.role,
        path=None,
        arn=None,
        where=grant.where,
        trust=None,
        policies=policies,
        region=grant.region,
    )


def _role_key(role: Role) -> _Key:
    return _key(role.account, role.name, role.where)


def _key(account: str | None, name: str, where: Where) -> _Key:
    # Without both, two files may mean two roles, so the file is a part of the key.
    everywhere = account is not None and "${" not in name
    return ("" if everywhere else where.file, account, name)


def _order(role: Role) -> tuple[str, str, str]:
    return (role.account or "", role.name, str(role.where))


def _place(found: IdentityProvider | Repository | ResourcePolicy) -> tuple[str, str]:
    return (found.account or "", str(found.where))


def _is_unknown(policy: NamedPolicy) -> bool:
    return policy.kind == "attached-arn" and not is_of_aws(policy.arn or "")


def _no_document(policy: NamedPolicy) -> Unread:
    return Unread(
        kind="unresolved",
        what="What this policy allows stands nowhere in what was read.",
        given=policy.arn or policy.name,
        where=policy.where,
    )


def _by_name_alone(grant: Grant, *, sure: bool) -> Unread:
    joined = "It is given to the only role of this name"
    apart = "Several roles have this name, so it is given to none of them"
    return Unread(
        kind="account",
        what=f"The account of a role that gets a policy is not known. {joined if sure else apart}.",
        given=grant.role,
        where=grant.where,
    )


class KnownPolicies:
    """The documents of managed policies, by ARN."""

    def __init__(self, managed: Iterable[Managed]) -> None:
        managed = _of_one_name(managed)
        # A reference such as `${aws_iam_policy.web.arn}` means a block of its own file.
        self._in_file: dict[tuple[str, str], Managed] = {}
        self._anywhere: dict[str, Managed] = {}
        self._without_account: dict[str, list[Managed]] = defaultdict(list)
        for policy in managed:
            self._in_file[policy.where.file, policy.arn] = policy
            if not policy.arn.startswith("${"):
                self._anywhere[policy.arn] = policy
            if policy.account is None:
                self._without_account[policy.path + policy.name].append(policy)

    def complete(self, policy: NamedPolicy) -> NamedPolicy:
        """Return an attached policy with its document, if that was read."""
        found = self._find(policy) if policy.arn else None
        if found is None:
            return policy
        document = resting_on(found.document, policy.premises)
        return replace(policy, name=found.name, kind="managed", document=document)

    def _find(self, policy: NamedPolicy) -> Managed | None:
        arn = policy.arn or ""
        found = self._in_file.get((policy.where.file, arn)) or self._anywhere.get(arn)
        of_account = Arn.parse(arn)
        if found or not of_account or not of_account.is_iam("policy") or not of_account.account_id:
            return found
        named = self._without_account[of_account.resource.removeprefix("policy")]
        return named[0] if len(named) == 1 else None


def _of_one_name(managed: Iterable[Managed]) -> list[Managed]:
    """
    Return managed policies; of two with one name each may be the one that is there.

    Two of them have one ARN, and IAM makes only one, so an attachment of either may mean both.
    """
    named = defaultdict[tuple[str, ...], list["Managed"]](list)
    for policy in managed:
        # IAM does not distinguish names by case:
        # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
        name = (policy.path + policy.name).lower()
        is_apart = policy.account is None or "${" in name
        named[policy.where.file if is_apart else "", policy.account or "", name].append(policy)
    found: list[Managed] = []
    for several in named.values():
        written = [(one.where, one.document) for one in several]
        documents = only_one_counts(written, "have one name, and only one of them can be made")
        found += [replace(one, document=either(documents)) for one in several]
    return found


def is_of_aws(arn: str) -> bool:
    """Whether the policy is managed by AWS, so that no file holds its document."""
    parsed = Arn.parse(arn)
    return parsed is not None and parsed.is_policy_of_aws
