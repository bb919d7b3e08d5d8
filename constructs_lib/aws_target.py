"""The partition, account and region of a stack: text where they are known, else data sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cdktf import TerraformLocal

from constructs_lib.keyword_types import checked
from constructs_lib.node_calls import look_at
from constructs_lib.provider import (
    AwsProvider,
    DataAwsCallerIdentity,
    DataAwsPartition,
    DataAwsRegion,
)
from constructs_lib.tree import node_of, remember_root, stack_of
from deploy_access.errors import Problem, TargetUnknown, reject
from deploy_access.iam.arns import Arn
from deploy_access.iam.limits import check_account, check_region, is_reference
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdktf import TerraformStack
    from constructs import Construct

_DataSource = type[DataAwsCallerIdentity] | type[DataAwsPartition] | type[DataAwsRegion]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsTarget:
    """
    The partition, account and region that resources are made in.

    Attributes:
        stack: The stack whose provider they are made with.
        account: Twelve digits, or a reference to `aws_caller_identity`.
        region: For example `eu-central-1`, or a reference to `aws_region`.
        partition: For example `aws-cn`, or a reference to `aws_partition`.
        dns_suffix: For example `amazonaws.com.cn`, or a reference.
    """

    stack: TerraformStack
    account: str
    region: str
    partition: str
    dns_suffix: str

    @classmethod
    @checked
    def set(cls, stack: TerraformStack, *, account: str, region: str) -> AwsTarget:
        """
        Set the account and region of *stack*, for a provider that does not show them.

        Raises:
            InvalidValue: The account is not twelve digits, or the region is in no partition.
        """
        reject([*check_account(account), *check_region(region)])
        target = _target(stack, None, account, region)
        _known.setdefault(stack, {})[None] = target
        return target

    @classmethod
    def of(cls, scope: Construct, provider: AwsProvider | None = None) -> AwsTarget:
        """
        Return the target that *scope* deploys to.

        In this order: what `set` gave; the region and the single allowed account of the stack's
        AWS provider, or of *provider*; data sources for what is still missing.

        Raises:
            TargetUnknown: The stack has no AWS provider yet, and `set` was not called.
        """
        stack = stack_of(scope)
        known = _known.setdefault(stack, {})
        alias = None if provider is None else provider.alias
        if alias not in known:
            known[alias] = _discover(stack, provider)
        return known[alias]

    @property
    def literal(self) -> bool:
        """Whether account and region are known now."""
        return not is_reference(self.account) and not is_reference(self.region)

    @property
    def audience(self) -> str:
        """The `aud` that `configure-aws-credentials` asks for in this partition."""
        found = None if is_reference(self.region) else partition_of(self.region)
        return _audience_at_plan(self) if found is None else found.audience

    def elsewhere(self, *, account: str | None = None, region: str | None = None) -> AwsTarget:
        """Return the target of another account or region in the same partition."""
        found = replace(self, account=account or self.account)
        if region is None:
            return found
        return _target(self.stack, None, found.account, region)

    def arn(self, service: str, resource: str) -> str:
        """Build the ARN of a regional resource."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def iam_arn(self, resource: str) -> str:
        """Build the ARN of something in IAM, which has no region."""
        return f"arn:{self.partition}:iam::{self.account}:{resource}"

    def managed_policy(self, policy: str) -> str:
        """Return the ARN of a managed policy; a name is that of one of AWS's own."""
        is_name = not policy.startswith("arn:") and not is_reference(policy)
        return f"arn:{self.partition}:iam::aws:policy/{policy}" if is_name else policy

    def check_partition(self, arn: str) -> Iterator[Problem]:
        """Check that *arn* lies in this partition, as far as either is known now."""
        parsed = Arn.parse(arn)
        if parsed is None or is_reference(parsed.partition) or is_reference(self.partition):
            return
        if parsed.partition != self.partition:
            yield Problem(
                what=f"The ARN is of another partition than stack {self.stack.node.id!r}, which "
                f"deploys to {self.partition!r}.",
                given=arn,
                why="Partitions share nothing, so a policy with this ARN never matches.",
                fix=f"Use the one of {self.partition!r}, or make this in a stack over there.",
            )

    def same_account(self, other: AwsTarget) -> bool:
        """
        Whether both targets are in one account.

        Raises:
            TargetUnknown: The account of one is known at apply only, and is not the same text.
        """
        # Two stacks refer to their data sources by the same text, and mean two of them.
        if self.stack is other.stack and self.account == other.account:
            return True
        for target in (self, other):
            target.require_account()
        return self.account == other.account

    def readable_in(self, stack: TerraformStack) -> AwsTarget:
        """
        Return this target, checked: ARNs that it builds mean the same thing in *stack*.

        Raises:
            TargetUnknown: They refer to a data source of another stack.
        """
        if stack is not self.stack:
            self.require_account()
            for part, value in (("region", self.region), ("partition", self.partition)):
                if is_reference(value):
                    raise TargetUnknown(_unknown(self.stack, part))
        return self

    def require_account(self) -> None:
        """Raise `TargetUnknown` when the account is known at apply only."""
        if is_reference(self.account):
            raise TargetUnknown(_unknown(self.stack, "account"))


# By the alias of the provider, None for the default one. Weak, since stacks go with their app.
_known: WeakKeyDictionary[TerraformStack, dict[str | None, AwsTarget]] = WeakKeyDictionary()


def _default_provider(stack: TerraformStack) -> AwsProvider:
    for child in node_of(stack).children:
        if isinstance(child, AwsProvider) and child.alias is None:
            return child
    raise TargetUnknown(
        f"Stack {stack.node.id!r} has no AwsProvider yet. ARNs in policies hold its account and "
        "region. Make the AwsProvider before the constructs, with `region` and one entry in "
        "`allowed_account_ids`, or call `AwsTarget.set(stack, account=..., region=...)`."
    )


def _discover(stack: TerraformStack, provider: AwsProvider | None) -> AwsTarget:
    region, accounts = _settings(stack, provider)
    # Of several allowed accounts, none is known to be the one that is deployed to.
    literal_account = len(accounts) == 1 and not is_reference(accounts[0])
    literal_region = region is not None and not is_reference(region)
    return _target(
        stack,
        provider,
        accounts[0] if literal_account else None,
        region if literal_region else None,
    )


def _settings(stack: TerraformStack, provider: AwsProvider | None) -> tuple[str | None, list[str]]:
    """Return region and accounts of *provider*, of the stack's default one for None."""
    looked = look_at(stack) if provider is None else None
    if looked is not None:
        root, facts = looked
        remember_root(stack, root)
        if facts is not None:
            return facts
    found = provider or _default_provider(stack)
    return found.region_input, found.allowed_account_ids_input or []


def _target(
    stack: TerraformStack, provider: AwsProvider | None, account: str | None, region: str | None
) -> AwsTarget:
    # The partition follows from the region alone, so a known region needs no data source.
    found = None if region is None else partition_of(region)
    lookup = _Lookup(stack, provider)
    return AwsTarget(
        stack=stack,
        account=account or lookup.read(DataAwsCallerIdentity, "Account", "account_id"),
        region=region or lookup.read(DataAwsRegion, "Region", "id"),
        partition=found.name if found else lookup.read(DataAwsPartition, "Partition", "partition"),
        dns_suffix=found.dns_suffix
        if found
        else lookup.read(DataAwsPartition, "Partition", "dns_suffix"),
    )


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The data sources of one stack and provider, each made once and only when needed."""

    stack: TerraformStack
    provider: AwsProvider | None

    def read(self, source: _DataSource, name: str, attribute: str) -> str:
        alias = None if self.provider is None else self.provider.alias
        construct_id = f"DeployAccess{name}" + (f"-{alias}" if alias else "")
        found = node_of(self.stack).try_find_child(construct_id)
        if not isinstance(found, source):
            found = source(self.stack, construct_id, provider=self.provider if alias else None)
        # Text in place of `found.<attribute>`: a token differs at each read and cannot be compared.
        return f"${{data.{found.terraform_resource_type}.{found.friendly_unique_id}.{attribute}}}"


def _audience_at_plan(target: AwsTarget) -> str:
    """Return a reference to a local value in which Terraform chooses the audience at plan."""
    partition = target.partition.removeprefix("${").removesuffix("}")
    construct_id = partition.split(".")[2].replace("Partition", "Audience")
    found = node_of(target.stack).try_find_child(construct_id)
    if not isinstance(found, TerraformLocal):
        # A local value, since inside the text of a policy the quotes would be escaped for JSON.
        choice = f'{partition} == "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com"'
        found = TerraformLocal(target.stack, construct_id, f"${{{choice}}}")
    return f"${{local.{found.friendly_unique_id}}}"


def _unknown(stack: TerraformStack, part: str) -> str:
    return (
        f"The {part} of stack {stack.node.id!r} is known at apply only, and a second stack or "
        "provider needs it in a policy. A reference across stacks would make Terraform read the "
        "other's state. Give each AwsProvider a literal `region` and one entry in "
        "`allowed_account_ids`, or call `AwsTarget.set(stack, account=..., region=...)`."
    )
