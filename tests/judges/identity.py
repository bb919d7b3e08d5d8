"""
Parliament reads identity policies: actions, the resources and conditions that each one takes.

It knows AWS's published list, so it finds a misspelt action, a condition key that an action does
not have, and an ARN of the wrong kind.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    from deploy_access.iam.statement import PolicyDocument


def findings(policy: PolicyDocument, *, accepted: Collection[tuple[str, str]] = ()) -> list[str]:
    """
    Say what parliament finds in *policy*.

    Args:
        policy: An identity policy.
        accepted: Pairs of a finding's name and a part of its detail that are known and meant.
    """
    analysed: Any = _parliament().analyze_policy_string(policy.to_json())
    found = {(str(finding.issue), str(finding.detail)) for finding in analysed.findings}
    return sorted(
        f"{issue}: {detail}"
        for issue, detail in found
        if not any(issue == name and part in detail for name, part in accepted)
    )


def _parliament() -> Any:
    """Import it on first use: it takes a second, which tests that only collect need not pay."""
    # It leaves its data files to the garbage collector when it is imported.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        import parliament  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
    return parliament
