"""
The roles, users and groups of all files, each with the policies that any file gives it.

A role is an account and a name. A role whose account or name is not known belongs to its own file;
a policy of another file finds it by its name, if only one role has that name. So do users and
groups. A user has the policies of the groups that the files put him into.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from deploy_access.terraform.estate import Estate, Identity, NamedPolicy, Role, Unread
from deploy_access.terraform.file_facts import Grant
from deploy_access.terraform.managed_policies import KnownPolicies, is_of_aws
from deploy_access.terraform.second_writers import last_writers, only_one_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.terraform.estate import (
        IdentityKind,
        IdentityProvider,
        Repository,
        ResourcePolicy,
        Where,
    )
    from deploy_access.terraform.file_facts import Gathered, Membership


_Key: TypeAlias = tuple[str, str | None, str, str]
RoleT = TypeVar("RoleT", bound="Role | Identity")


def join(found: Gathered) -> Estate:
    """Give every role its policies."""
    joined = _Join(found)
    everyone = joined.everyone()
    identities = [one for one in everyone if isinstance(one, Identity)]
    return Estate(
        roles=tuple(sorted((r for r in everyone if isinstance(r, Role)), key=_order)),
        identities=tuple(sorted([*identities, *joined.policies()], key=_order)),
        providers=tuple(sorted(found.providers, key=_place)),
        repositories=tuple(sorted(found.repositories, key=_place)),
        resource_policies=tuple(sorted(last_writers(found.resource_policies), key=_place)),
        lifecycles=tuple(sorted(found.lifecycles, key=_place)),
        resources=found.resources,
        terraform_roles=frozenset(found.terraform_roles),
        is_whole_account=found.is_whole_account,
        problems=tuple(dict.fromkeys([*found.problems, *joined.problems])),
    )


class _Join:
    """Roles, users, groups and what is given to them, joined by account and name."""

    def __init__(self, found: Gathered) -> None:
        self.problems: list[Unread] = []
        self._found = found
        self._made: list[Role | Identity] = [*found.roles, *found.identities]
        self._known = KnownPolicies(found.managed)
        self._keys = {_key_of(one): one.account for one in self._made}
        self._by_name: dict[tuple[str, str], set[_Key]] = defaultdict(set)
        for key in self._keys:
            self._by_name[key[2:]].add(key)

    def everyone(self) -> list[Role | Identity]:
        """Return the roles, users and groups that are made, then those that are only named."""
        given: dict[_Key, list[Grant]] = defaultdict(list)
        for grant in self._found.grants:
            given[self._target(grant)].append(grant)
        policies = {key: self._policies(grants) for key, grants in given.items()}
        groups = self._join_groups(given, policies)
        made = [self._with(one, policies.get(_key_of(one), ())) for one in self._made]
        named = [_elsewhere(given[key][0], policies[key]) for key in given if key not in self._keys]
        return [_in_groups(one, groups) for one in (*made, *named)]

    def policies(self) -> Iterable[Identity]:
        """Return the managed policies by themselves; call it when everything is joined."""
        return self._known.identities()

    def _join_groups(
        self, given: dict[_Key, list[Grant]], policies: dict[_Key, tuple[NamedPolicy, ...]]
    ) -> dict[_Key, set[str]]:
        """Give each user the policies of the groups; return the groups of each."""
        groups: dict[_Key, set[str]] = defaultdict(set)
        for member in self._found.memberships:
            of_user = _grant_of(member, "user", member.user)
            user = self._target(of_user)
            group = self._target(_grant_of(member, "group", member.group))
            groups[user].add(member.group)
            # What else a group has that is made elsewhere stands nowhere.
            elsewhere = () if group in self._keys else (of_user.policy,)
            found = [_through(member, one) for one in (*policies.get(group, ()), *elsewhere)]
            if found:
                given[user].append(of_user)
                policies[user] = _once([*policies.get(user, ()), *found])
        return groups

    def _target(self, grant: Grant) -> _Key:
        exact = _key(grant.account, grant.kind, grant.name, grant.where)
        if exact in self._keys or not grant.known:
            return exact
        # The account of the policy or of the role is not known, so the name alone decides.
        named = [
            key
            for key in self._by_name.get((grant.kind, grant.name), ())
            if grant.account is None or self._keys[key] is None
        ]
        if named:
            self.problems.append(_by_name_alone(grant, sure=len(named) == 1))
        return named[0] if len(named) == 1 else exact

    def _with(self, role: RoleT, policies: tuple[NamedPolicy, ...]) -> RoleT:
        """Give a role its policies; a role without any is not copied, as most of thousands are."""
        if not policies and not role.policies and role.boundary is None:
            return role
        return replace(role, policies=policies, boundary=self._boundary(role))

    def _boundary(self, role: Role | Identity) -> NamedPolicy | None:
        if role.boundary is None:
            return None
        bounding = self._known.complete(role.boundary)
        if isinstance(role, Role):
            self._note(bounding)
        return bounding

    def _policies(self, grants: Iterable[Grant]) -> tuple[NamedPolicy, ...]:
        """Find the documents of attached policies; a policy that is attached twice counts once."""
        known: list[NamedPolicy] = []
        for grant in grants:
            policy = self._known.attach(grant.policy)
            known.append(policy)
            if grant.kind == "role":
                self._note(policy)
        return _once(_last_inline(known))

    def _note(self, policy: NamedPolicy) -> None:
        if _is_unknown(policy):
            self.problems.append(_no_document(policy))


def _once(policies: Iterable[NamedPolicy]) -> tuple[NamedPolicy, ...]:
    """Return policies in their order, each once; a certain one counts for one that may be there."""
    known = [(_same(policy), policy) for policy in policies]
    certain = {same for same, policy in known if not policy.premises}
    # Read from the end, so that of two attachments the first one stays.
    once = {
        (same, policy.premises): policy
        for same, policy in reversed(known)
        if not policy.premises or same not in certain
    }
    return tuple(sorted(once.values(), key=lambda p: (p.kind, p.name, str(p.where))))


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
        if len(several) == 1:
            yield several[0]
            continue
        written = [(one.where, one.document) for one in several if one.document]
        documents = only_one_counts(written, "write it, and the last one wins")
        for one, document in zip(several, documents, strict=True):
            yield replace(one, document=document)


def _in_groups(one: Role | Identity, groups: Mapping[_Key, set[str]]) -> Role | Identity:
    if isinstance(one, Role) or _key_of(one) not in groups:
        return one
    return replace(one, groups=frozenset(groups[_key_of(one)]))


def _elsewhere(grant: Grant, policies: tuple[NamedPolicy, ...]) -> Role | Identity:
    """Return a role that is made elsewhere: its name and the policies that are given to it."""
    if grant.kind != "role":
        return Identity(
            kind=grant.kind,
            account=grant.account,
            name=grant.name,
            where=grant.where,
            policies=policies,
            is_made=False,
        )
    return Role(
        account=grant.account,
        name=grant.name,
        path=None,
        arn=None,
        where=grant.where,
        trust=None,
        policies=policies,
        region=grant.region,
    )


def _through(member: Membership, policy: NamedPolicy) -> NamedPolicy:
    """Return a policy that a user has if the user is in the group."""
    return replace(policy, premises=(*policy.premises, *member.premises))


def _grant_of(member: Membership, kind: IdentityKind, name: str) -> Grant:
    """Return what a user gets of a group: all that it allows, until that is known."""
    return Grant(
        account=member.account,
        region=None,
        name=name,
        known="${" not in name,
        policy=NamedPolicy(
            name=f"group {member.group}", kind="attached-arn", document=None, where=member.where
        ),
        kind=kind,
    )


def _key_of(one: Role | Identity) -> _Key:
    kind = one.kind if isinstance(one, Identity) else "role"
    return _key(one.account, kind, one.name, one.where)


def _key(account: str | None, kind: IdentityKind, name: str, where: Where) -> _Key:
    # Without both, two files may mean two roles, so the file is a part of the key.
    everywhere = account is not None and "${" not in name
    return ("" if everywhere else where.whole, account, kind, name)


def _order(one: Role | Identity) -> tuple[str, str, str]:
    return (one.account or "", one.name, str(one.where))


def _place(found: IdentityProvider | Repository | ResourcePolicy) -> tuple[str, str]:
    return (found.account or "", str(found.where))


def _is_unknown(policy: NamedPolicy) -> bool:
    return policy.document is None and not is_of_aws(policy.arn or "")


def _no_document(policy: NamedPolicy) -> Unread:
    return Unread(
        kind="unresolved",
        what="What this policy allows stands nowhere in what was read.",
        given=policy.arn or policy.name,
        where=policy.where,
    )


def _by_name_alone(grant: Grant, *, sure: bool) -> Unread:
    joined = f"It is given to the only {grant.kind} of this name"
    apart = f"Several {grant.kind}s have this name, so it is given to none of them"
    return Unread(
        kind="account",
        what=f"The account of a {grant.kind} that gets a policy is not known. "
        f"{joined if sure else apart}.",
        given=grant.name,
        where=grant.where,
    )
