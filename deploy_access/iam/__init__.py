"""
Decide as IAM does: policies and a request in, a decision with one check a condition out.

Two questions, one engine: `evaluate_trust` says whether a token may assume a role,
`evaluate_access` whether a role may do an action on a resource.
"""

from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.conditions import Check
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Decision, Verdict
from deploy_access.iam.documents import ReadPolicy, read_json, read_policy
from deploy_access.iam.elements import PolicyProblem
from deploy_access.iam.evaluation import StatementResult
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import Condition, Policy, PolicyStatement, Principal
from deploy_access.iam.references import has_reference
from deploy_access.iam.trust import WebIdentity, evaluate_trust

__all__ = [
    "AccessRequest",
    "Check",
    "Condition",
    "Context",
    "Decision",
    "Outcome",
    "Policy",
    "PolicyProblem",
    "PolicyStatement",
    "Principal",
    "ReadPolicy",
    "StatementResult",
    "Verdict",
    "WebIdentity",
    "evaluate_access",
    "evaluate_trust",
    "has_reference",
    "read_json",
    "read_policy",
]
