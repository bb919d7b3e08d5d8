"""
Which `aud` a job asks its token for.

Source: https://github.com/aws-actions/configure-aws-credentials#oidc
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.github.run import AUDIENCE
from deploy_access.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy_access.workflow.deployer import Trusted


def asked_audience(trusted: Iterable[Trusted], region: str) -> str | None:
    """
    Return the audience that a job has to name; None where the action's default is right.

    That of the region's partition comes first, and another one where the role takes no token for
    it. The first that the role names is taken then: any of them lets the job in.
    """
    partition = partition_of(region)
    usual = partition.audience if partition else AUDIENCE
    taken = [audience for one in trusted for audience in one.audiences]
    asked = usual if usual in taken or not taken else taken[0]
    return None if asked == AUDIENCE else asked
