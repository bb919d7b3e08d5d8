"""
What the commands read, for `--help` and for refusals: each kind is a row of `INPUTS`.
"""

from __future__ import annotations

from dataclasses import dataclass

_EVERY = ("audit", "explain", "review")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputKind:
    """
    A kind of input that is read.

    Attributes:
        what: What it is, with its article.
        made_by: The commands that make it, or how it is recognised.
        commands: The commands that read it.
    """

    what: str
    made_by: str
    commands: tuple[str, ...] = _EVERY


INPUTS = (
    InputKind(what="a folder of synthesized stacks", made_by="`python main.py`, `cdktf synth`"),
    InputKind(what="a folder or file of Terraform", made_by="`.tf`, `.tf.json`"),
    InputKind(what="a plan", made_by="`terraform show -json plan`"),
    InputKind(what="a state", made_by="`terraform state pull`, `terraform.tfstate`"),
    InputKind(what="a template of CloudFormation", made_by="YAML, JSON, `cdk.out`"),
    InputKind(what="a whole account", made_by="`aws iam get-account-authorization-details`"),
    InputKind(what="roles", made_by="`aws iam get-role`, `get-role-policy`"),
    InputKind(what="policies", made_by="`aws iam get-policy-version`"),
    InputKind(what="a repository's policy", made_by="`aws ecr get-repository-policy`"),
    InputKind(what="a policy by itself", made_by="JSON with a `Statement`"),
    InputKind(
        what="events, for `--event`",
        made_by="`aws cloudtrail lookup-events`, `.json.gz`",
        commands=("explain",),
    ),
    InputKind(
        what="workflows, for `--workflows`",
        made_by="`.github/workflows`",
        commands=("audit",),
    ),
    InputKind(what="a token, for `--token`", made_by="encoded, or as JSON", commands=("explain",)),
    InputKind(what="a run's log, for `--error`", made_by="its red lines", commands=("explain",)),
)
"""Every kind, in the order in which help and refusals list them."""


def what_is_read(command: str = "audit") -> str:
    """List what a command reads, as a part of a sentence."""
    *first, last = (f"{kind.what} ({kind.made_by})" for kind in _of(command))
    return f"{', '.join(first)} or {last}"


def inputs_help(command: str) -> str:
    """List what a command reads as the end of its help, which click leaves as it is."""
    kinds = _of(command)
    width = max(len(kind.what) for kind in kinds)
    lines = (f"  {kind.what:{width}}  {kind.made_by}" for kind in kinds)
    return "\n".join(["\b", "What is read:", *lines])


def _of(command: str) -> list[InputKind]:
    return [kind for kind in INPUTS if command in kind.commands]
