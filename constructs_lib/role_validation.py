"""The validation of all roles of an app, which asks Python once a synthesis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from constructs import IValidation
from jsii import implements

from constructs_lib.node_calls import JSII, WAITING, Waits
from constructs_lib.tree import root_of

if TYPE_CHECKING:
    from constructs import IConstruct

    from constructs_lib.deploy_role_base import DeployRoleBase
    from constructs_lib.role_totals import RoleTotals


@implements(IValidation)
class RoleValidation:
    """The totals of the roles of one app, by the number that Node knows each role by."""

    # Without it, jsii would make another object of it in Node each time that it goes there.
    __jsii_type__ = "Object"

    def __init__(self) -> None:
        self._totals: list[RoleTotals] = []
        JSII.create(RoleValidation, self)

    def add(self, totals: RoleTotals) -> int:
        """Return the number of a role."""
        self._totals.append(totals)
        return len(self._totals) - 1

    def validate(self) -> list[str]:
        """Return each message with the number of its role, as JSON: jsii takes only text here."""
        return [
            json.dumps([number, message])
            for number, totals in enumerate(self._totals)
            for message in totals.validate()
        ]


# By the app, and weak: it goes with its app.
_of_app: WeakKeyDictionary[IConstruct, RoleValidation] = WeakKeyDictionary()


def validate_at_synthesis(role: DeployRoleBase, totals: RoleTotals) -> None:
    """Let synthesis refuse what *totals* refuse, at the place of *role*."""
    if not Waits.allowed:
        role.node.add_validation(totals)
        return
    app = root_of(role.stack)
    if app not in _of_app:
        _of_app[app] = RoleValidation()
    validation = _of_app[app]
    number = validation.add(totals)
    WAITING.add("check", WAITING.number(role), WAITING.number(validation), number)
