"""
The access levels that AWS gives its actions.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""

from __future__ import annotations

from typing import Literal

Level = Literal["read", "list", "write", "tagging", "permissions management", "unknown"]
"""AWS's access levels; `unknown` for an action that AWS's list of that date does not have."""
