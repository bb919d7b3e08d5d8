"""Roles and users of people who may assume a role of a service beside its workflows."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Self

from pydantic import Field, model_validator

from deploy_access.errors import Problem
from deploy_access.iam.limits import check_many
from deploy_access.iam.people import TrustedRole, check_person

from .field_types import Text, Texts, Tuple, checked
from .table import Table


def _check_identities(names: Sequence[str]) -> Iterator[Problem]:
    yield from check_many("source_identity", names, empty=False)


class TrustedRoleTable(Table):
    """
    An entry of `trusted_roles`.

    Attributes:
        source_identity: Who its people have to say that they are, one of several; left out, they
            are not asked.
    """

    arn: Text = Field(
        description="It is the role that people have when they assume this one.",
        examples=["arn:aws:iam::111122223333:role/break-glass"],
    )
    source_identity: Annotated[Texts, checked(_check_identities)] | None = None

    @property
    def role(self) -> TrustedRole:
        """The role as the construct takes it."""
        return TrustedRole(self.arn, source_identity=self.source_identity)

    @model_validator(mode="after")
    def _check(self) -> Self:
        # Made once here, so that a refusal has the place of this entry in the file.
        _ = self.role
        return self


def _check_each_once(roles: Sequence[TrustedRoleTable]) -> Iterator[Problem]:
    yield from check_many("trusted_roles", [role.arn for role in roles], empty=True)


def _check_each_user_once(users: Sequence[str]) -> Iterator[Problem]:
    yield from check_many("trusted_users", users, empty=True)


TrustedUser = Annotated[Text, checked(partial(check_person, "user"))]
TrustedUsers = Annotated[tuple[TrustedUser, ...], Tuple, checked(_check_each_user_once)]
TrustedRoles = Annotated[tuple[TrustedRoleTable, ...], Tuple, checked(_check_each_once)]
