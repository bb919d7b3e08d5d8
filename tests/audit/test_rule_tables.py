"""The tables of examples, together."""

from __future__ import annotations

import test_permission_rule_table
import test_resource_rule_table
import test_subject_rule_table
import test_trust_rule_table

from deploy_access.audit.catalogue import CATALOGUE

TABLES = (
    test_permission_rule_table.TABLE,
    test_resource_rule_table.TABLE,
    test_subject_rule_table.TABLE,
    test_trust_rule_table.TABLE,
)
# It needs a provider beside the role, and has a test of its own.
MISSING = frozenset({"wrong-aud"})


def test_every_rule_has_its_examples() -> None:
    """Each rule of the catalogue is in one table."""
    rows = [rule for table in TABLES for rule in table]

    assert sorted({*rows, *MISSING}) == sorted(CATALOGUE)
    assert len(rows) == len(set(rows))
