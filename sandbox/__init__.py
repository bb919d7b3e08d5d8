"""
AWS on this machine: real Terraform deploys a `cdktf.out` into a moto server.
"""

# Before all others, which need the extra.
from . import requirements as requirements  # isort: skip

from .errors import (
    AttemptsDiffer,
    DifferencesFound,
    FolderInUse,
    MissingTool,
    RefusedStacks,
    SandboxError,
    ServerSilent,
    StepFailed,
    UnreadableEstate,
)
from .sandbox import Sandbox

__all__ = [
    "AttemptsDiffer",
    "DifferencesFound",
    "FolderInUse",
    "MissingTool",
    "RefusedStacks",
    "Sandbox",
    "SandboxError",
    "ServerSilent",
    "StepFailed",
    "UnreadableEstate",
]
