"""The comparison of trust policies against the evaluator, which decides about each token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from access_pairs import Reading
from hypothesis import given, settings
from hypothesis import strategies as st
from trust_policies import PLAIN_POLICIES, POLICIES, TOKENS, Json

from deploy_access.access_diff.access import compare_access
from deploy_access.access_diff.model import Delta, TrustGrant
from deploy_access.github.subject_claim import same
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.trust import evaluate_trust

if TYPE_CHECKING:
    from deploy_access.iam.trust import WebIdentity


EITHER = st.one_of(PLAIN_POLICIES, PLAIN_POLICIES, POLICIES)


def compare(base: Json, head: Json) -> Delta[TrustGrant]:
    """Compare two trust policies of one role."""
    changes = compare_access(Reading(trust=base).estate(), Reading(trust=head).estate())
    return changes[0].trust if changes else Delta()


def names(grant: TrustGrant, sub: object) -> bool:
    """Whether a row names the subject of a token; the letter case is left to its conditions."""
    if grant.subject == "*" or "sub is absent or so" in grant.conditions:
        return True
    if not isinstance(sub, str):
        return False
    return same(grant.subject, sub) if grant.is_pattern else grant.subject.lower() == sub.lower()


@settings(max_examples=200)
@given(base=EITHER, head=EITHER, shown=TOKENS)
def test_a_token_that_is_newly_let_in_is_gained(base: Json, head: Json, shown: WebIdentity) -> None:
    """A token that one side alone lets in is named among what that side has more."""
    before, after = (evaluate_trust(read_policy(one).policy, shown).verdict for one in (base, head))

    if Verdict.ALLOWED in {before, after} and Verdict.UNKNOWN not in {before, after}:
        delta = compare(base, head)
        rows = delta.gained if before is not Verdict.ALLOWED else delta.lost
        assert before is after or any(names(row, shown.claims.get("sub")) for row in rows)
