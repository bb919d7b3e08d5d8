"""The managed policies that were read, by whatever names one."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.reading.estate import NamedPolicy
    from deploy_access.reading.gathered import Managed

_ARN = re.compile(r"arn:[^:]+:iam::(?P<owner>aws|\d{12}):policy(?P<path>/.*)", re.DOTALL)


class KnownPolicies:
    """What attached policies say."""

    def __init__(self, managed: Iterable[Managed]) -> None:
        self._in_file: dict[tuple[str, str], Managed] = {}
        self._anywhere: dict[str, Managed] = {}
        self._without_account: dict[str, list[Managed]] = defaultdict(list)
        for policy in managed:
            self._in_file[policy.where.file, policy.arn] = policy
            if not policy.arn.startswith("${"):
                self._anywhere[policy.arn] = policy
            if policy.account is None:
                self._without_account[policy.path + policy.name].append(policy)

    def complete(self, policy: NamedPolicy) -> NamedPolicy:
        """Give an attached policy its document, when it was read."""
        found = self._find(policy) if policy.arn else None
        if found is None:
            return policy
        return replace(policy, name=found.name, kind="managed", document=found.document)

    def _find(self, policy: NamedPolicy) -> Managed | None:
        arn = policy.arn or ""
        found = self._in_file.get((policy.where.file, arn)) or self._anywhere.get(arn)
        parts = _ARN.fullmatch(arn)
        if found or not parts or parts["owner"] == "aws":
            return found
        named = self._without_account[parts["path"]]
        return named[0] if len(named) == 1 else None


def is_of_aws(arn: str) -> bool:
    """Whether AWS keeps the policy, so that nobody's files say what is in it."""
    parts = _ARN.fullmatch(arn)
    return parts is not None and parts["owner"] == "aws"
