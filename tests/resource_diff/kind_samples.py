"""A sample for each row of `resource_kinds`, and changes of it for the provider to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from samples_compute import COMPUTE
from samples_containers import CONTAINERS
from samples_copies import COPIES
from samples_databases import DATABASES
from samples_identity import IDENTITY
from samples_messages import MESSAGES
from samples_monitoring import MONITORING
from samples_nosql import NOSQL, TOGETHER
from samples_storage import STORAGE

from deploy_access.resource_diff.argument_values import same_scalar
from deploy_access.resource_diff.resource_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sample_values import Json, Samples

SAMPLES: Samples = {
    **COMPUTE,
    **CONTAINERS,
    **COPIES,
    **DATABASES,
    **IDENTITY,
    **MESSAGES,
    **MONITORING,
    **NOSQL,
    **STORAGE,
}


REQUIRED = {
    ("aws_backup_logically_air_gapped_vault", "max_retention_days"),
    ("aws_backup_logically_air_gapped_vault", "min_retention_days"),
    ("aws_config_retention_configuration", "retention_period_in_days"),
    ("aws_rbin_rule", "retention_period.retention_period_value"),
}
"""The guards that cannot be left out."""


class Case(NamedTuple):
    """An argument that is changed; it is left out where *after* does not have it."""

    type: str
    name: str
    before: Json
    after: Json

    @property
    def argument(self) -> str:
        """The argument of the resource that the name is, or is within."""
        return self.name.partition(".")[0]

    @property
    def is_left_out(self) -> bool:
        """Whether the argument is not there afterwards."""
        return self.argument not in self.after

    @property
    def label(self) -> str:
        """The name of the resource that is this case."""
        return self.name.replace(".", "__") + ("__left_out" if self.is_left_out else "")

    @property
    def is_fixed(self) -> bool:
        """Whether the row says that the resource is made anew."""
        rule = kind_of(self.type).fixed_by(self.name)
        if rule is None or not self.is_left_out:
            return rule is not None
        return not rule.is_kept and not same_scalar(rule.default, self.before[self.argument])


def cases() -> Iterator[Case]:
    """List every argument of every sample: changed, and left out where it may be."""
    for kind, (body, arguments) in SAMPLES.items():
        for name, (before, after) in arguments.items():
            argument = name.partition(".")[0]
            yield Case(kind, name, {**body, argument: before}, {**body, argument: after})
            if name == argument not in body or is_optional_guard(kind, name):
                left = {key: value for key, value in body.items() if key != argument}
                yield Case(kind, name, {**body, argument: before}, left)
    for (kind, name), (before, after) in TOGETHER.items():
        body = SAMPLES[kind][0]
        yield Case(kind, name, {**body, **before}, {**body, **after})


def is_optional_guard(kind: str, name: str) -> bool:
    """Whether the argument keeps data and may be left out, which a part cannot do without."""
    row, is_required = kind_of(kind), (kind, name) in REQUIRED
    return not (row.part_of or is_required) and name in {one.argument for one in row.all_guards}


CASES = list(cases())
