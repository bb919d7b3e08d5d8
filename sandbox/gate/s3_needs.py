"""
The permissions that calls of S3 need, with those on the KMS key that encrypts an object.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html,
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .call import ApiCall
from .fault import NO_KMS_KEY, Refused
from .need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .lookup import Lookup
    from .need import CallTarget

# Keys about a request that the gate does not look at, and tags, which it would have to read.
_UNKNOWN = ("s3:*",)
_KMS = {"aws:kms", "aws:kms:dsse"}
# The parameters that are condition keys of a put as well.
_PUT_KEYS = {
    "ACL": "s3:x-amz-acl",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
}


def list_bucket(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need to list the bucket, with the prefix that is asked for.
    """
    keys = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter"}
    given = call.parameters
    yield Need(
        action="s3:ListBucket",
        resource=_arn(call, place),
        context={key: given[name] for name, key in keys.items() if name in given},
        unknown=("s3:ResourceAccount", "s3:TlsVersion", "s3:authType", "s3:max-keys"),
        is_foreign=not lookup.owns_bucket(call.parameters["Bucket"]),
    )


def listing_that_tells(call: ApiCall) -> ApiCall | None:
    """
    Return the listing that a caller must be allowed to learn that an object is missing.

    To everyone else S3 refuses a missing object as one that may not be read. The prefix is the key:
    https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
    """
    if call.operation not in {"GetObject", "HeadObject"}:
        return None
    found = {"Bucket": call.parameters["Bucket"], "Prefix": call.parameters["Key"]}
    return ApiCall(service="s3", operation="ListObjectsV2", parameters=found)


def get_object(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need to get the object, and to decrypt it.
    """
    yield _on_object("s3:GetObject", call, place, lookup)
    # The head of an object is not encrypted; to S3 the two are one action.
    if call.operation == "GetObject":
        stored = lookup.stored(call.parameters["Bucket"], call.parameters["Key"])
        yield from _use_key("kms:Decrypt", call, place, lookup, stored)


def put_object(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need to put the object, to give it an ACL, and a key of KMS to encrypt it with.
    """
    yield _on_object("s3:PutObject", call, place, lookup)
    if "ACL" in call.parameters:
        yield _on_object("s3:PutObjectAcl", call, place, lookup)
    yield from _use_key("kms:GenerateDataKey", call, place, lookup, call.parameters)


def delete_object(call: ApiCall, place: CallTarget, lookup: Lookup) -> Iterator[Need]:
    """
    Need to delete the object.
    """
    yield _on_object("s3:DeleteObject", call, place, lookup)


def _on_object(action: str, call: ApiCall, place: CallTarget, lookup: Lookup) -> Need:
    held = {
        key: call.parameters[name] for name, key in _PUT_KEYS.items() if name in call.parameters
    }
    return Need(
        action=action,
        resource=_arn(call, place),
        context=held if action == "s3:PutObject" else {},
        unknown=_UNKNOWN,
        is_foreign=not lookup.owns_bucket(call.parameters["Bucket"]),
    )


def _arn(call: ApiCall, place: CallTarget) -> str:
    names = [call.parameters[name] for name in ("Bucket", "Key") if name in call.parameters]
    return f"arn:{place.partition}:s3:::{'/'.join(names)}"


def _use_key(
    action: str, call: ApiCall, place: CallTarget, lookup: Lookup, said: Mapping[str, Any]
) -> Iterator[Need]:
    """
    Yield the permission to use the key that the request or else the bucket names.

    S3's own key of an account, which is meant when none is named, is for all who may use S3 there.
    """
    rule = lookup.bucket_encryption(call.parameters["Bucket"])
    default: Mapping[str, str] = rule.get("ApplyServerSideEncryptionByDefault") or {}
    kind = said.get("ServerSideEncryption") or default.get("SSEAlgorithm")
    own = said.get("SSEKMSKeyId")
    name = own or (None if said.get("ServerSideEncryption") else default.get("KMSMasterKeyID"))
    if kind not in _KMS or not name:
        return
    arn = lookup.kms_key(name)
    if arn is None:
        raise Refused(NO_KMS_KEY, f"Key '{name}' does not exist")
    # With a bucket key, one call of KMS is for many objects, so it names the bucket.
    bucket_key = bool(rule.get("BucketKeyEnabled"))
    about = f"arn:{place.partition}:s3:::{call.parameters['Bucket']}"
    context = {
        "kms:CallerAccount": place.account,
        "kms:EncryptionContext:aws:s3:arn": about if bucket_key else _arn(call, place),
        "kms:EncryptionContextKeys": ("aws:s3:arn",),
        "kms:ViaService": f"s3.{place.region}.amazonaws.com",
    }
    yield Need(action=action, resource=arn, context=context, unknown=("kms:*",))
