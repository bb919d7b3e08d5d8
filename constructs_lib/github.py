"""
Constructs for GitHub's side of a deploy: environments and templates of subjects.

They need the extra `github`. Put them into stacks of their own, with a `GithubProvider`: what
GitHub holds is no part of an AWS account.
"""

# First, so that the Node process behind `cdktf` starts with the provider's shortcut.
from constructs_lib.github_provider import GithubProvider  # isort: skip

from constructs_lib.github_environment import GithubEnvironment
from constructs_lib.github_subject_template import GithubSubjectTemplate

__all__ = ["GithubEnvironment", "GithubProvider", "GithubSubjectTemplate"]
