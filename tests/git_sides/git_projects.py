"""A git repository with an app that synthesizes without Node, for reviews of its revisions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("deploy-access")
# Writes one stack with one role; what may assume it is in `subject.txt`.
APP = """\
import json, os, pathlib
import subject

out = pathlib.Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out"))
host = "token.actions.githubusercontent.com"
trust = {"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{host}"},
    "Condition": {"StringEquals": {f"{host}:aud": "sts.amazonaws.com",
        f"{host}:sub": f"repo:acme@1/web@2:{subject.CONTEXT}"}}}}
role = {"name": "web-deploy", "assume_role_policy": json.dumps(trust)}
stack = {"//": {"metadata": {"stackName": "web"}},
    "provider": {"aws": [{"region": "eu-central-1", "allowed_account_ids": ["111122223333"]}]},
    "resource": {"aws_iam_role": {"Deploy": role}}}
path = "stacks/web/cdk.tf.json"
(out / path).parent.mkdir(parents=True, exist_ok=True)
(out / path).write_text(json.dumps(stack))
entry = {"name": "web", "dependencies": [], "synthesizedStackPath": path,
    "workingDirectory": "stacks/web"}
(out / "manifest.json").write_text(json.dumps({"stacks": {"web": entry}}))
"""
PROD = "environment:prod"
MAIN = "ref:refs/heads/main"


def git(folder: Path, *words: str) -> str:
    """Run git for a person who is nobody in particular."""
    settings = ("user.name=A", "user.email=a@example.com", "protocol.file.allow=always")
    flags = [word for setting in settings for word in ("-c", setting)]
    command = ("git", *flags, "-C", str(folder), *words)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def write_app(folder: Path, context: str = PROD) -> None:
    """Write the app, with a role that trusts a context of the repository."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cdktf.json").write_text(json.dumps({"app": "python app.py"}), "utf-8")
    (folder / "app.py").write_text(APP, "utf-8")
    trust(folder, context)


def trust(folder: Path, context: str) -> None:
    """Change what the role trusts, on the disk."""
    (folder / "subject.py").write_text(f"CONTEXT = {context!r}\n", "utf-8")


def commit(root: Path, message: str = "x") -> str:
    """Commit all that is there, and return the commit."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD").strip()


def make_repository(root: Path, inside: str = "") -> Path:
    """Make a repository whose branch `main` has the app, in a folder of it."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet", "--initial-branch", "main")
    write_app(root / inside)
    commit(root)
    return root


def review(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the review as a person does, with its temporary files where the test sees them."""
    return subprocess.run(
        [COMMAND, "review", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **environment},
    )
