"""The same physical resource made twice by the stacks of one app: an error before AWS gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from constructs_lib.tree import root_of
from deploy_access.errors import DuplicateResource
from deploy_access.iam.limits import is_reference

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from constructs_lib.aws_target import AwsTarget

_Key = tuple[str, str, str]

_named: WeakKeyDictionary[IConstruct, dict[_Key, Construct]] = WeakKeyDictionary()
_made: WeakKeyDictionary[IConstruct, dict[_Key, Construct]] = WeakKeyDictionary()


def claim(
    construct: Construct, kind: str, name: str, target: AwsTarget, *, regional: bool = False
) -> None:
    """
    Note that *construct* makes the *kind* called *name* where *target* is.

    Names that Terraform fills in later are not compared.

    Raises:
        DuplicateResource: Another construct of the app makes it too.
    """
    if is_reference(name):
        return
    first = _known(target).setdefault(_key(kind, name, target, regional=regional), construct)
    if first is not construct:
        where = f"account {target.account}" + (f" and region {target.region}" if regional else "")
        raise DuplicateResource(kind, name, where, (first.node.path, construct.node.path))


def refer(construct: Construct, kind: str, name: str, target: AwsTarget) -> None:
    """Note that *construct* stands for the *kind* called *name*, which nobody has made by now."""
    _named.setdefault(root_of(target.stack), {})[_key(kind, name, target, regional=False)] = (
        construct
    )


def find_referred(kind: str, name: str, target: AwsTarget) -> Construct | None:
    """Find a construct that stands for it, and was there before it was made."""
    named = _named.setdefault(root_of(target.stack), {})
    return named.get(_key(kind, name, target, regional=False))


def find_made(
    kind: str, name: str, target: AwsTarget, *, regional: bool = False
) -> Construct | None:
    """Find the construct of the app that makes it, as far as it has been made by now."""
    return _known(target).get(_key(kind, name, target, regional=regional))


def _known(target: AwsTarget) -> dict[_Key, Construct]:
    return _made.setdefault(root_of(target.stack), {})


def _key(kind: str, name: str, target: AwsTarget, *, regional: bool) -> _Key:
    # Two stacks that do not say their account may well be two accounts.
    account = target.account
    if is_reference(account):
        account = f"stack {id(target.stack)} {account}"
    # IAM compares names of roles and policies without regard to case.
    return kind, f"{account} {target.region}" if regional else account, name.lower()
