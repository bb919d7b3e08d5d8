"""The managed policies that files make, found by their ARN or by Terraform's reference to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.terraform.estate import Identity, NamedPolicy
from deploy_access.terraform.partial_documents import either, resting_on
from deploy_access.terraform.second_writers import only_one_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.terraform.estate import Where
    from deploy_access.terraform.file_facts import Managed


class KnownPolicies:
    """The documents of managed policies, by ARN."""

    def __init__(self, managed: Iterable[Managed]) -> None:
        self._attached: set[Where] = set()
        self._managed = _of_one_name(managed)
        # A reference such as `${aws_iam_policy.web.arn}` means a block of its own file.
        self._in_file: dict[tuple[str, str], Managed] = {}
        self._anywhere: dict[str, Managed] = {}
        self._without_account: dict[str, list[Managed]] = defaultdict(list)
        for policy in self._managed:
            self._in_file[policy.where.whole, policy.arn] = policy
            if not policy.arn.startswith("${"):
                self._anywhere[policy.arn] = policy
            if policy.account is None:
                self._without_account[policy.path + policy.name].append(policy)

    def identities(self) -> Iterator[Identity]:
        """List the policies by themselves, with whether they were attached."""
        for one in self._managed:
            yield Identity(
                kind="policy",
                account=one.account,
                name=one.name,
                where=one.where,
                policies=(_by_itself(one),),
                is_made=not one.is_imported,
                is_attached=one.where in self._attached,
            )

    def attach(self, policy: NamedPolicy) -> NamedPolicy:
        """Complete a policy that is given to something, which is more than bounding it."""
        found = self._find(policy)
        if found is not None:
            self._attached.add(found.where)
        return self._completed(policy, found)

    def complete(self, policy: NamedPolicy) -> NamedPolicy:
        """Return an attached policy with its document, if that was read."""
        return self._completed(policy, self._find(policy))

    @staticmethod
    def _completed(policy: NamedPolicy, found: Managed | None) -> NamedPolicy:
        if found is None:
            return policy
        # Written out: an account has tens of thousands of attachments, and `replace` is slow.
        return NamedPolicy(
            name=found.name,
            kind="managed",
            document=resting_on(found.document, policy.premises),
            where=policy.where,
            arn=policy.arn,
            premises=policy.premises,
        )

    def _find(self, policy: NamedPolicy) -> Managed | None:
        arn = policy.arn
        if not arn:
            return None
        found = self._in_file.get((policy.where.whole, arn)) or self._anywhere.get(arn)
        if found is not None:
            return found
        of_account = Arn.parse(arn)
        if not of_account or not of_account.is_iam("policy") or not of_account.account_id:
            return None
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
        named[policy.where.whole if is_apart else "", policy.account or "", name].append(policy)
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


def _by_itself(policy: Managed) -> NamedPolicy:
    return NamedPolicy(
        name=policy.name,
        kind="managed",
        document=policy.document,
        where=policy.where,
        arn=policy.arn,
    )
