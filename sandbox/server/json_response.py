"""
A response that holds JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Mapping


def json_response(
    content: Mapping[str, Any],
    *,
    status: int = 200,
    mimetype: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """
    Return *content* as a response.
    """
    return Response(json.dumps(content), status=status, mimetype=mimetype, headers=headers)
