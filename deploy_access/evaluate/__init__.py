"""
Decide as IAM does: policies and a request in, a decision with one check a condition out.

Two questions, one engine: `evaluate_trust` says whether a token may assume a role,
`evaluate_access` whether a role may do an action on a resource.
"""

from deploy_access.evaluate.access import AccessRequest, evaluate_access
from deploy_access.evaluate.conditions import Check
from deploy_access.evaluate.context import Context
from deploy_access.evaluate.decision import Decision, Verdict
from deploy_access.evaluate.documents import ReadPolicy, read_policy
from deploy_access.evaluate.elements import PolicyProblem
from deploy_access.evaluate.json_text import read_json
from deploy_access.evaluate.outcome import Outcome
from deploy_access.evaluate.policy import Condition, Policy, PolicyStatement, Principal
from deploy_access.evaluate.statements import StatementResult
from deploy_access.evaluate.texts import has_reference
from deploy_access.evaluate.trust import WebIdentity, evaluate_trust

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
