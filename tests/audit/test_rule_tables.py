"""The tables of examples, together."""

from __future__ import annotations

import test_estate_rule_table
import test_permission_rule_table
import test_resource_rule_table
import test_subject_rule_table
import test_trust_rule_table
import test_workflow_rule_table

from deploy_access.audit.catalogue import CATALOGUE

TABLES = (
    test_estate_rule_table.TABLE,
    test_permission_rule_table.TABLE,
    test_resource_rule_table.TABLE,
    test_subject_rule_table.TABLE,
    test_trust_rule_table.TABLE,
    test_workflow_rule_table.TABLE,
)


def test_every_rule_has_its_examples() -> None:
    """Each rule of the catalogue is in one table."""
    rows = [rule for table in TABLES for rule in table]

    assert sorted(rows) == sorted(CATALOGUE)
