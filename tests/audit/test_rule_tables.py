"""The tables of examples, together."""

from __future__ import annotations

import test_permission_rule_table
import test_resource_rule_table
import test_trust_rule_table

from deploy_access.audit.catalogue import CATALOGUE

TABLES = (
    test_permission_rule_table.TABLE,
    test_resource_rule_table.TABLE,
    test_trust_rule_table.TABLE,
)
# These have their examples in tables of subjects.
MISSING = frozenset(
    {
        *("bad-environment", "bad-ref", "branch-glob", "env-unprotected", "id-wildcard"),
        *("legacy-name", "loose-job-workflow-ref", "no-sub", "org-wide", "prefix-no-slash"),
        *("pull-request-write", "repo-prefix", "repo-wide", "star-equals", "star-sub"),
        *("user-claim", "wrong-aud"),
    }
)


def test_every_rule_has_its_examples() -> None:
    """Each rule of the catalogue is in one table."""
    rows = [rule for table in TABLES for rule in table]

    assert sorted({*rows, *MISSING}) == sorted(CATALOGUE)
    assert len(rows) == len(set(rows))
