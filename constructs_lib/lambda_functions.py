"""
The Lambda functions of other accounts that may pull from a repository, by name or ARN.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from constructs_lib.tree import resolve
from deploy_access.errors import Problem
from deploy_access.iam.arns import Arn
from deploy_access.iam.limits import check_many, is_reference, without_references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from constructs import Construct

    from constructs_lib.aws_target import AwsTarget

EVERY = "*"
"""Stands for every function of an account."""

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# A reference to the ARN of a function, of which a name cannot be made.
_ARN_REFERENCE = re.compile(r"\$\{[^}]*[._]arn\}")


def written_out(scope: Construct, functions: bool | Sequence[str]) -> bool | Sequence[str]:
    """Return *functions* with their references as Terraform reads them, to see what they name."""
    return functions if isinstance(functions, bool) else [resolve(scope, one) for one in functions]


def functions_of(
    accounts: Sequence[str], functions: bool | Sequence[str]
) -> Iterator[tuple[str, str]]:
    """List the account and the name of each function; a name is one function in each account."""
    if isinstance(functions, bool):
        yield from ((account, EVERY) for account in accounts if functions)
        return
    for function in functions:
        arn = Arn.parse(function)
        if arn:
            yield arn.account, arn.resource_id
        else:
            yield from ((account, function) for account in accounts)


def source_arns(functions: Iterable[tuple[str, str]], target: AwsTarget) -> Iterator[str]:
    """Write the ARNs that `aws:SourceArn` may have when Lambda pulls for *functions*."""
    listed = set(functions)
    for account, name in sorted(listed):
        arn = target.elsewhere(account=account).arn("lambda", f"function:{name}")
        if name == EVERY:
            yield arn
        elif (account, EVERY) not in listed:
            # AWS does not say whether a version or alias follows. No name of a function has a `:`,
            # so the second pattern reaches no other function.
            yield from (arn, f"{arn}:*")


def check_functions(
    accounts: Sequence[str], functions: bool | Sequence[str], target: AwsTarget
) -> Iterator[Problem]:
    """Check the functions that are let in: their form, and that each is in one of *accounts*."""
    if isinstance(functions, bool):
        return
    yield from check_many("lambda_functions", functions, empty=True)
    for function in functions:
        yield from _check_function(function, accounts, target)


def _check_function(function: str, accounts: Sequence[str], target: AwsTarget) -> Iterator[Problem]:
    arn = Arn.parse(function)
    if arn is None:
        known = without_references(function)
        if not _NAME.fullmatch(known) or _ARN_REFERENCE.fullmatch(function):
            yield _no_function(function)
        return
    if (arn.service, arn.resource_type) != ("lambda", "function") or not _NAME.fullmatch(
        without_references(arn.resource_id)
    ):
        yield _no_function(function)
        return
    yield from target.check_partition(function)
    yield from _check_place(arn, accounts, target)


def _check_place(arn: Arn, accounts: Sequence[str], target: AwsTarget) -> Iterator[Problem]:
    if arn.account not in accounts:
        yield Problem(
            what="A function is in one of the accounts that may pull.",
            given={"function": str(arn), "accounts": list(accounts)},
            why="The image is read first with the permissions of who makes the function.",
            fix=f"Add the account: allow_pull_from({arn.account!r}, lambda_functions=[...]).",
        )
    if not is_reference(target.region) and arn.region != target.region:
        yield Problem(
            what=f"A function pulls from a repository of its own region, here {target.region!r}.",
            given=str(arn),
            why="Lambda refuses an image of another region.",
            fix="Replicate the image to that region, and let the function pull there.",
        )


def _no_function(function: str) -> Problem:
    return Problem(
        what="A function is given by its name, or as text its ARN without version and alias.",
        given=function,
        why="`aws:SourceArn` never has any other text, so the function would lose its image after "
        "weeks without calls.",
        fix="For example 'thumbnails', or "
        "'arn:aws:lambda:eu-central-1:111122223333:function:thumbnails'.",
    )
