"""Settings that the tables of `environments.toml` give to roles."""

from typing import Annotated

from pydantic import AfterValidator, Field

from deploy_access.errors import reject
from deploy_access.iam.limits import check_path, check_session

from .field_types import Accept, BoundaryArn, PolicyArns, Text, checked
from .table import Table


def _check_session(seconds: int) -> int:
    reject(check_session(seconds))
    return seconds


Seconds = Annotated[int, AfterValidator(_check_session)]
RolePath = Annotated[Text, checked(check_path)]


class RoleSettings(Table):
    """
    Settings of a role; the nearest table that has a key decides.

    Attributes:
        managed_policies: ARNs; the list replaces, it never adds.
        audience: The `aud` of its tokens; needed where the account's provider takes several.
        accept: Findings about the lists beside it that are meant: rule and reason.
    """

    max_session_duration: Seconds | None = None
    permissions_boundary: BoundaryArn | None = None
    managed_policies: PolicyArns | None = None
    audience: Text | None = None
    accept: Accept = Field(default_factory=dict)
