"""Register of the resources that an app makes: the same one made twice is an error at synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from constructs_lib.tree import root_of, stack_of
from deploy_access.errors import DuplicateResource
from deploy_access.iam.limits import is_reference

if TYPE_CHECKING:
    from typing import TypeAlias

    from cdktf import TerraformResource
    from constructs import Construct, IConstruct

    from constructs_lib.aws_target import AwsTarget
    from constructs_lib.element import Element

    _Made: TypeAlias = Construct | Element[TerraformResource]

_Key = tuple[str, str, str]

# By the app, and weak: the constructs of one app say nothing about those of the next.
_named: WeakKeyDictionary[IConstruct, dict[_Key, Construct]] = WeakKeyDictionary()
_made: WeakKeyDictionary[IConstruct, dict[_Key, _Made]] = WeakKeyDictionary()


def claim(
    construct: _Made,
    kind: str,
    name: str,
    target: AwsTarget,
    *,
    regional: bool = False,
) -> None:
    """
    Register that *construct* makes the *kind* called *name* in *target*.

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


def claim_on_github(construct: Construct, kind: str, name: str) -> None:
    """
    Register that *construct* makes the *kind* called *name* on GitHub, which ignores case.

    Raises:
        DuplicateResource: Another construct of the app makes it too.
    """
    made = _made.setdefault(root_of(stack_of(construct)), {})
    first = made.setdefault((kind, "GitHub", name.lower()), construct)
    if first is not construct:
        raise DuplicateResource(kind, name, "GitHub", (first.node.path, construct.node.path))


def refer(construct: Construct, kind: str, name: str, target: AwsTarget) -> None:
    """Register that *construct* refers to the *kind* called *name*, which is not made yet."""
    _named.setdefault(root_of(target.stack), {})[_key(kind, name, target, regional=False)] = (
        construct
    )


def find_referred(kind: str, name: str, target: AwsTarget) -> Construct | None:
    """Find the construct that referred to a resource before it was made."""
    named = _named.setdefault(root_of(target.stack), {})
    return named.get(_key(kind, name, target, regional=False))


def find_made(kind: str, name: str, target: AwsTarget, *, regional: bool = False) -> _Made | None:
    """Find the construct that makes a resource, among those that the app has made so far."""
    return _known(target).get(_key(kind, name, target, regional=regional))


def _known(target: AwsTarget) -> dict[_Key, _Made]:
    return _made.setdefault(root_of(target.stack), {})


def _key(kind: str, name: str, target: AwsTarget, *, regional: bool) -> _Key:
    # An unknown account belongs to its stack alone: two stacks may well deploy to two accounts.
    account = target.account
    if is_reference(account):
        account = f"stack {id(target.stack)} {account}"
    # IAM compares names of roles and policies without regard to case.
    return kind, f"{account} {target.region}" if regional else account, name.lower()
