"""What ECR deletes or archives, and when: the tables `lifecycle` as the construct takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs_lib import LifecycleRule

    from .lifecycle_tables import LifecycleRuleTable


def lifecycle_rules(rows: Sequence[LifecycleRuleTable] | None) -> tuple[LifecycleRule, ...] | None:
    """
    Return the rules of a table; None where it says nothing, as the construct has a default.

    Raises:
        InvalidValue: ECR would refuse a rule.
    """
    return None if rows is None else tuple(map(_rule, rows))


def _rule(row: LifecycleRuleTable) -> LifecycleRule:
    # Here, as the constructs take a second to load, and a file of tables may be wrong before that.
    from constructs_lib import Images, LifecycleRule  # noqa: PLC0415

    return LifecycleRule(
        images=Images(**dict(row.images)),
        count_type=row.count_type,
        count=row.count,
        archive=row.archive,
        priority=row.priority,
    )
