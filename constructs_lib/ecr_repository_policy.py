"""
The policy of a repository, for principals outside of its account: one document for all of them.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from constructs_lib.lambda_functions import check_functions, source_arns
from constructs_lib.tree import terraform_text
from deploy_access.errors import Problem, reject
from deploy_access.iam.ecr_capabilities import PULL_ACTIONS
from deploy_access.iam.limits import check_account, check_many, is_reference
from deploy_access.iam.statement import PolicyDocument, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.ecr_grant_policy import Grant

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
POLICY_LENGTH = 10_240
"""The longest repository policy, in characters (botocore, `RepositoryPolicyText`)."""


@dataclass(slots=True)
class Guests:
    """The principals of other accounts that may use a repository; every call adds."""

    # Sets: a call that repeats an earlier one changes nothing.
    accounts: set[str] = field(default_factory=set[str])
    organizations: set[str] = field(default_factory=set[str])
    functions: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    roles: dict[tuple[str, Grant, str], frozenset[str]] = field(
        default_factory=dict[tuple[str, "Grant", str], frozenset[str]]
    )

    def let_in(self, role_arn: str, account: str, grant: Grant, actions: Iterable[str]) -> None:
        """Add a role of another account; its own policy narrows the access further."""
        key = (account, grant, role_arn)
        self.roles[key] = self.roles.get(key, frozenset()) | frozenset(actions)

    def statements(self, target: AwsTarget) -> Iterator[Statement]:
        """Write one statement for each kind of guest, in a fixed order."""
        if self.accounts:
            yield Statement(
                sid="PullFromAccounts",
                actions=PULL_ACTIONS,
                principals={"AWS": [_root(target, account) for account in self.accounts]},
            )
        if self.organizations:
            yield Statement(
                sid="PullFromOrganizations",
                actions=PULL_ACTIONS,
                principals={"AWS": ["*"]},
                conditions={"StringEquals": {"aws:PrincipalOrgID": sorted(self.organizations)}},
            )
        if self.functions:
            yield self._lambda_statement(target)
        for (account, sid), (arns, actions) in sorted(self._roles_by_statement().items()):
            yield Statement(
                sid=sid,
                actions=sorted(actions),
                # AWS refuses a policy that names a role which does not exist yet.
                principals={"AWS": [_root(target, account)]},
                conditions={"ArnEquals": {"aws:PrincipalArn": arns}},
            )

    def _roles_by_statement(self) -> dict[tuple[str, str], tuple[list[str], frozenset[str]]]:
        """Group the roles by account and by what they may do."""
        found: dict[tuple[str, str], tuple[list[str], frozenset[str]]] = {}
        for (account, grant, arn), actions in self.roles.items():
            # The statement id says what differs, so that it stays when another role is added.
            cache = "WithCache" if grant == "push" and actions >= set(PULL_ACTIONS) else ""
            key = (account, f"{grant.title()}{cache}ByRolesOf{account}")
            found.setdefault(key, ([], actions))[0].append(arn)
        return found

    def _lambda_statement(self, target: AwsTarget) -> Statement:
        # Lambda removes the image of an idle function and pulls it again as a service principal:
        # https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
        return Statement(
            sid="LambdaECRImageCrossAccountRetrievalPolicy",
            actions=PULL_ACTIONS,
            principals={"Service": ["lambda.amazonaws.com"]},
            conditions={"StringLike": {"aws:sourceArn": [*source_arns(self.functions, target)]}},
        )


def repository_policy(guests: Guests, target: AwsTarget) -> str:
    """
    Write the policy that lets *guests* use a repository of *target*, as Terraform reads it.

    Raises:
        InvalidValue: It is longer than ECR takes.
    """
    document = PolicyDocument(tuple(guests.statements(target)))
    reject(_check_length(document))
    return terraform_text(document.to_json())


def check_guests(
    accounts: Sequence[str],
    organizations: Sequence[str],
    lambda_functions: bool | Sequence[str],
    target: AwsTarget,
) -> Iterator[Problem]:
    """Check the accounts, organizations and functions that are let in."""
    yield from check_functions(accounts, lambda_functions, target)
    yield from check_many("accounts", accounts, empty=True)
    for account in accounts:
        yield from check_account(account)
    yield from check_many("organizations", organizations, empty=True)
    for organization in organizations:
        if not (is_reference(organization) or _ORGANIZATION.fullmatch(organization)):
            yield Problem(
                what="An organization is named by its id.",
                given=organization,
                why="`aws:PrincipalOrgID` never matches any other text.",
                fix="Read it: aws organizations describe-organization --query Organization.Id",
            )
    if not accounts and (lambda_functions or not organizations):
        yield Problem(
            what="`allow_pull_from` names accounts or organizations; functions need accounts.",
            given=list(accounts),
            why="Without one nobody is let in, or the functions of every account are.",
            fix="For example allow_pull_from('111122223333', lambda_functions=True).",
        )


def _root(target: AwsTarget, account: str) -> str:
    return target.elsewhere(account=account).iam_arn("root")


def _check_length(document: PolicyDocument) -> Iterator[Problem]:
    length = len(document.to_json())
    if length > POLICY_LENGTH:
        yield Problem(
            what=f"The policy of a repository has at most {POLICY_LENGTH} characters.",
            given=length,
            why="ECR refuses a longer one.",
            fix="Let in an organization in place of single accounts.",
        )
