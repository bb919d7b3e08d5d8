"""
IAM: policies, operators, patterns, ARNs and actions, and what AWS decides by them.

Two questions, one engine: `trust.evaluate_trust` says whether a token may assume a role,
`access.evaluate_access` whether a role may do an action on a resource. Nothing is imported here:
a construct that writes a statement must not load the evaluator.
"""
