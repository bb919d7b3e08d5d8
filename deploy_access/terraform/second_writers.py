"""
Documents that several resources write to one place, or under one name.

The last writer wins, and nothing says which one is the last. So each may be the one, and then the
others are not there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.terraform.certainty import one_of
from deploy_access.terraform.partial_documents import resting_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.terraform.estate import Document, ResourcePolicy, Where

# The attributes that name a resource, of which its policy may take any.
_REFERENCE = re.compile(r"\$\{(\w+\.[\w-]+(?:\[[^\]]*\])?)\.(?:arn|bucket|id|key_id|name|url)\}")
_MOST_NAMED = 3


def only_one_counts(written: Sequence[tuple[Where, Document]], why: str) -> list[Document]:
    """
    Return documents of which only one counts; unchanged where all of them say the same.

    Args:
        written: Each document, with what writes it.
        why: Why only one counts, as a phrase after their addresses.
    """
    names = [_digest(document) for _, document in written]
    if len(set(names)) == 1:
        return [document for _, document in written]
    places = sorted({where.address for where, _ in written})
    more = f" and {len(places) - _MOST_NAMED} more" if len(places) > _MOST_NAMED else ""
    unknown = f"the one that counts of {', '.join(sorted(set(names)))}"
    premises = one_of(unknown, f"{', '.join(places[:_MOST_NAMED])}{more} {why}", sorted(names))
    return [
        resting_on(document, (premises[name],))
        for name, (_, document) in zip(names, written, strict=True)
    ]


def _digest(document: Document) -> str:
    return blake2b(repr(document.written).encode(errors="replace"), digest_size=16).hexdigest()


def last_writers(policies: Iterable[ResourcePolicy]) -> list[ResourcePolicy]:
    """Return the policies of resources; of two for one resource each may be the last one."""
    places = defaultdict[tuple[str, ...], list["ResourcePolicy"]](list)
    for policy in policies:
        places[_place(policy)].append(policy)
    found: list[ResourcePolicy] = []
    for several in places.values():
        written = [(one.where, one.document) for one in several]
        documents = only_one_counts(written, "write it, and the last one wins")
        pairs = zip(several, documents, strict=True)
        found += [replace(one, document=document) for one, document in pairs]
    return found


def _place(policy: ResourcePolicy) -> tuple[str, ...]:
    """Return what a policy is written to, whatever names it."""
    kind = policy.type.removesuffix("_policy")
    named = _REFERENCE.fullmatch(policy.resource)
    if named or "${" in policy.resource:
        text = named[1] if named else policy.resource
        return kind, policy.where.whole, text
    arn = Arn.parse(policy.resource)
    name = arn.resource if arn and arn.service == "s3" else policy.resource
    if kind == "aws_s3_bucket":
        return kind, name  # no two buckets of AWS have one name
    return kind, policy.account or "", policy.region or "", name
