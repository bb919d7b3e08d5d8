"""
The calls of the sandbox's own administrator: they pass as they are, and are written down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.role_arn import parse_role

from .call import ApiCall
from .fault import Refused
from .read_request import read_call

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

    from .call import Signer

_KEY = re.compile(r"<AccessKeyId>([^<]+)</AccessKeyId>")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """
    A call that nothing judged.

    Attributes:
        account: The account in which it was made.
        call: The call; what the gate cannot read has its method and path as its operation.

    """

    account: str
    call: ApiCall


def record(request: Request, signer: Signer, account: str) -> RecordedCall:
    """
    Return what the administrator of *account* asks for.
    """
    try:
        call = read_call(request, signer)
    except Refused:
        operation = f"{request.method} {request.path}"
        call = ApiCall(service=signer.service, operation=operation, parameters={})
    return RecordedCall(account=account, call=call)


def assumed(recorded: RecordedCall, answer: Response) -> tuple[str, str] | None:
    """
    Return the access key and the account of a role that the administrator has assumed, or None.
    """
    key = _KEY.search(answer.get_data(as_text=True))
    if recorded.call.action != "sts:AssumeRole" or key is None:
        return None
    try:
        return key[1], parse_role(recorded.call.parameters["RoleArn"])["account"]
    except InvalidValue:
        return None
