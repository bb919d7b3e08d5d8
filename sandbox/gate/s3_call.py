"""
One call of S3, read off an HTTP request: its operation is in the method, the path and the headers.

Only what Terraform keeps its states with is read: listing a bucket, and getting, putting and
deleting an object. Everything else that a path, a parameter or a header could ask for is refused:
one header makes a put a copy of another object.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from .call import ApiCall
from .fault import not_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Request

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The operation by method, on a bucket and on an object in it.
_ON_BUCKET = {"GET": "ListObjectsV2", "HEAD": "HeadBucket"}
_ON_OBJECT = {
    "GET": "GetObject",
    "HEAD": "HeadObject",
    "PUT": "PutObject",
    "DELETE": "DeleteObject",
}
_LISTING = {
    *("list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after"),
    *("encoding-type", "fetch-owner", "marker"),
}
# An SDK repeats the name of the operation there, and S3 does not read it.
_NAMED = "x-id"

# The headers that say more of the call, by the parameter that an SDK calls so.
_PARAMETERS = {
    "x-amz-acl": "ACL",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "if-none-match": "IfNoneMatch",
    "if-match": "IfMatch",
}
# Those that change nothing of what is permitted: digests, and how the body is sent.
_PLAIN = {
    *("x-amz-content-sha256", "x-amz-date", "x-amz-decoded-content-length"),
    *("x-amz-security-token", "x-amz-sdk-checksum-algorithm", "x-amz-trailer"),
    *("x-amz-user-agent", "x-amz-checksum-mode", "content-encoding", "content-md5", "range"),
    *(f"x-amz-checksum-{kind}" for kind in ("crc32", "crc32c", "crc64nvme", "sha1", "sha256")),
}
S3_HEADERS = frozenset({*_PARAMETERS, *_PLAIN} - {"x-amz-security-token"})
"""The headers that moto needs beside those of every request."""


def read_s3_call(request: Request) -> ApiCall:
    """
    Read the call of S3 that the request makes.

    Raises:
        Refused: It is none of those that the gate judges.

    """
    bucket, key = _place(request)
    operation = (_ON_OBJECT if key else _ON_BUCKET).get(request.method)
    if operation is None:
        raise not_judged(f"a {request.method} of {'an object' if key else 'a bucket'}")
    found = {"Bucket": bucket, **({"Key": key} if key else {})}
    query = _query(request, operation, allowed=() if key else tuple(_LISTING))
    if operation == "ListObjectsV2":
        # Without it, the older listing of the same action is meant.
        operation = "ListObjectsV2" if query.get("list-type") == "2" else "ListObjects"
        # An empty prefix is a value too, and none at all is none.
        given = {"Prefix": query.get("prefix"), "Delimiter": query.get("delimiter")}
        found |= {name: value for name, value in given.items() if value is not None}
    return ApiCall(service="s3", operation=operation, parameters={**found, **_headers(request)})


def _place(request: Request) -> tuple[str, str]:
    """
    Return the bucket and the key, which is empty for the bucket itself.
    """
    path = str(request.environ["RAW_URI"]).partition("?")[0]
    bucket, _, written = path.removeprefix("/").partition("/")
    key = unquote(written)
    # Between the gate and moto nothing may read such a path as another one.
    if not _BUCKET.fullmatch(bucket) or {".", ".."} & set(key.split("/")) or "//" in f"/{key}":
        raise not_judged(f"the path {path} of S3")
    return bucket, key


def _query(request: Request, operation: str, *, allowed: tuple[str, ...]) -> Mapping[str, str]:
    pairs = parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)
    found = dict(pairs)
    named = found.pop(_NAMED, operation)
    more = sorted(found.keys() - set(allowed))
    if more or len(pairs) > len(dict(pairs)) or named != operation:
        raise not_judged(f"the parameters {', '.join(more) or 'of a request'} of S3")
    return found


def _headers(request: Request) -> Mapping[str, str]:
    names = {name.lower() for name, _ in request.headers}
    unknown = sorted(n for n in names if n.startswith("x-amz-") and n not in {*S3_HEADERS, *_PLAIN})
    if unknown:
        raise not_judged(f"the headers {', '.join(unknown)} of S3")
    return {
        parameter: request.headers[name] for name, parameter in _PARAMETERS.items() if name in names
    }
