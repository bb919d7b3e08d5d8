"""Hypothesis strategies for JSON that has anything where something belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from reading_files import TRUST

from deploy_access.terraform.module_facts import READERS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Anything = SearchStrategy[object]

_KNOWN = """
    name path policy role roles role_name policy_arn policy_arns assume_role_policy inline_policy
    managed_policy_arns permissions_boundary max_session_duration provider region count for_each
    url client_id_list repository statement actions resources principals condition dynamic x
    type identifiers test variable values content sid effect source_policy_documents default
    override_policy_documents value alias allowed_account_ids assume_role role_arn profile
    deploy_access accept format root_module child_modules address mode index expressions
    references constant_value after_unknown change module_calls RoleName Arn PolicyDocument
    AttachedManagedPolicies PolicyArn RolePolicyList
"""
_EXPRESSIONS = [
    "${local.x}",
    "${local.Web.x[0]}",
    "${var.x}",
    "${aws_iam_role.Web.arn}",
    "${aws_iam_policy.Web.arn}",
    "${data.aws_iam_policy_document.x.json}",
    "${jsonencode(local.x)}",
    "${jsonencode({a = local.x})}",
    "aws.x",
    "x",
    TRUST,
]
_KEYS: SearchStrategy[str] = st.sampled_from([str(key) for key in _KNOWN.split()])
_NAMES = st.sampled_from(["Web", "x", "a-b", "", "//", "${x}", "dynamic", "a\n\u2028b"])
_TEXTS = st.one_of(
    st.text(max_size=10),
    st.text(alphabet='${}"[]()=,.:\\\n%x1&~', max_size=30),
    st.sampled_from(_EXPRESSIONS),
)
_PLAIN: Anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _TEXTS
)


def _containers(inner: Anything) -> Anything:
    return st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(_KEYS, _NAMES), inner, max_size=4)
    )


ANY: Anything = st.recursive(_PLAIN, _containers, max_leaves=12)
_BODIES: Anything = st.one_of(ANY, st.dictionaries(_KEYS, ANY, max_size=6))
_TYPES = st.sampled_from([*READERS, "aws_iam_policy_document", "aws_caller_identity", "x"])
_BLOCKS: Anything = st.one_of(
    ANY, st.dictionaries(_TYPES, st.dictionaries(_NAMES, _BODIES, max_size=3))
)


@st.composite
def _records(draw: st.DrawFn, known: dict[str, Anything], may: dict[str, Anything]) -> object:
    """Draw an object that has some keys for certain, and others perhaps."""
    perhaps = {key: value for key, value in may.items() if draw(st.booleans())}
    return {key: draw(value) for key, value in {**known, **perhaps}.items()}


_RESOURCES: Anything = st.lists(
    _records(
        {"address": _TEXTS, "type": _TYPES, "name": _NAMES, "values": _BODIES},
        {"mode": st.just("data"), "index": ANY, "expressions": _BODIES, "change": _BODIES},
    ),
    max_size=4,
)
_ROOT: Anything = _records({"root_module": _records({"resources": _RESOURCES}, {})}, {})
_MODULES = _records(
    {"resource": _BLOCKS, "data": _BLOCKS},
    dict.fromkeys(["locals", "variable", "output", "module", "provider", "//"], _BODIES),
)
_PLANS = _records(
    {"planned_values": st.one_of(ANY, _ROOT)},
    {
        "configuration": st.one_of(ANY, _ROOT),
        "prior_state": st.one_of(ANY, _records({"values": _ROOT}, {})),
        "resource_changes": st.one_of(ANY, _RESOURCES),
        "variables": ANY,
    },
)
_ANSWERS = _records(
    {},
    dict.fromkeys(
        ["Role", "Roles", "RoleDetailList", "Policies", "PolicyDocument", "Statement", "x\ny"],
        st.one_of(_BODIES, st.lists(_BODIES, max_size=3)),
    ),
)
FILES: Anything = st.one_of(_MODULES, _PLANS, _ANSWERS)
