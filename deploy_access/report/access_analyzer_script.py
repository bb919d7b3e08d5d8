"""
The checks of IAM Access Analyzer as a shell script, to run with credentials.

Its lines are comments, and calls of the AWS CLI whose documents are quoted JSON in ASCII, so that
no name in a policy ends a word, a line or a comment.

Source: https://docs.aws.amazon.com/cli/latest/reference/accessanalyzer/check-no-new-access.html
"""

from __future__ import annotations

import json
from shlex import quote
from typing import TYPE_CHECKING

from deploy_access.visible_text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.review.new_access_check import NewAccessCheck

_HEAD = """\
#!/bin/sh
# Whether IAM Access Analyzer finds new access in the same change. Each call prints PASS or FAIL.
# It needs credentials with `access-analyzer:CheckNoNewAccess`; AWS charges for each call.
"""
# Linux takes 131,072 bytes for one word of a command: `MAX_ARG_STRLEN` of
# https://man7.org/linux/man-pages/man2/execve.2.html
_LONGEST = 131_000


def render_access_analyzer_script(checks: Iterable[NewAccessCheck]) -> str:
    """Render a call of `aws accessanalyzer check-no-new-access` for each check."""
    blocks = ["\n".join(_lines(check)) for check in checks]
    return "\n".join([_HEAD, *(f"{block}\n" for block in blocks or ["# Nothing to check."])])


def _lines(check: NewAccessCheck) -> Iterator[str]:
    yield f"# {escaped(check.about)}"
    yield from (f"# {escaped(remark)}" for remark in check.remarks)
    existing, new = _document(check.existing), _document(check.new)
    if max(len(existing), len(new)) > _LONGEST:
        yield "# The document is too long for a command, and for AWS: compare its parts."
        return
    yield "aws accessanalyzer check-no-new-access \\"
    yield f"  --policy-type {check.policy_type} \\"
    yield f"  --existing-policy-document {existing} \\"
    yield f"  --new-policy-document {new}"


def _document(document: Mapping[str, object]) -> str:
    return quote(json.dumps(document, separators=(",", ":")))
