"""What a repository on GitHub holds, and what its REST API answers, as far as actions ask."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = "acme/deploy-access"
FORK = "mallory/deploy-access"
TOKEN = "token-of-the-job"
HEAD = "a" * 40
BASE = "b" * 40
NEWER = "c" * 40
RUN = 7

Json = dict[str, Any]


def pull(number: int = 12, *, repository: str = FORK, sha: str = HEAD, base: str = "main") -> Json:
    """Describe an open pull request as GitHub does, as far as anybody looks."""
    owner = repository.partition("/")[0]
    return {
        "number": number,
        "state": "open",
        "head": {
            "sha": sha,
            "ref": "feature/x",
            "label": f"{owner}:feature/x",
            "repo": {"full_name": repository},
        },
        "base": {"ref": base},
    }


def run_event(*, repository: str | None = FORK, **changed: object) -> Json:
    """Describe the event of a run that a pull request of *repository* triggered."""
    head = repository and {
        "full_name": repository,
        "owner": {"login": repository.partition("/")[0]},
    }
    run: Json = {
        "id": RUN,
        "event": "pull_request",
        "conclusion": "success",
        "head_sha": HEAD,
        "head_branch": "feature/x",
        "head_repository": head,
        "pull_requests": [],
    }
    return {"workflow_run": run | changed, "repository": {"default_branch": "main"}}


@dataclass(frozen=True)
class Request:
    """What a request asks: the numbers in its path, its query and its body."""

    parts: tuple[str, ...]
    query: dict[str, str]
    body: Json


@dataclass
class FakeGitHub:
    """
    What the repository holds; tests write it before and read it after.

    Attributes:
        url: Where it answers.
        filters: Whether lists of pull requests are filtered by their query, as GitHub does.
        page: How many items a page has at most.
        has_more: Whether the last answer has a page after it.
        requests: Each request as `METHOD path`, without the query.
        blob_headers: What the host of the artifacts was sent.
    """

    url: str = ""
    filters: bool = True
    page: int = 100
    pulls: list[Json] = field(default_factory=list[Json])
    files: list[Json] = field(default_factory=list[Json])
    comments: list[Json] = field(default_factory=list[Json])
    statuses: list[Json] = field(default_factory=list[Json])
    runs: list[Json] = field(default_factory=list[Json])
    jobs: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    artifacts: dict[int, tuple[str, bytes]] = field(default_factory=dict[int, tuple[str, bytes]])
    merge_base: str = BASE
    has_more: bool = False
    requests: list[str] = field(default_factory=list[str])
    blob_headers: dict[str, str] = field(default_factory=dict[str, str])

    def answer(self, method: str, path: str, query: dict[str, str], body: Json) -> object:
        """Answer a request below the repository; None is 404."""
        self.requests.append(f"{method} {path}")
        self.has_more = False
        for pattern, route in _ROUTES.items():
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return route(self, Request(found.groups(), query, body))
        return None

    def list_pulls(self, request: Request) -> list[Json]:
        """List open pull requests."""
        query = request.query
        wanted = [p for p in self.pulls if p["state"] == query["state"]]
        if self.filters:
            wanted = [p for p in wanted if p["head"]["label"] == query["head"]]
            wanted = [p for p in wanted if p["base"]["ref"] == query["base"]]
        return self.some(wanted, query)

    def list_artifacts(self, request: Request) -> Json:
        """List the artifacts of the one run there is."""
        [run] = request.parts
        found = [
            {"id": number, "name": name, "expired": False}
            for number, (name, _) in self.artifacts.items()
            if run == str(RUN) and name == request.query["name"]
        ]
        return {"artifacts": self.some(found, request.query)}

    def make_comment(self, request: Request) -> Json:
        """Take a comment, from the token of a workflow."""
        author = {"login": "github-actions[bot]"}
        self.comments.append({"id": 900, "number": int(request.parts[0]), "user": author})
        self.comments[-1].update(request.body)
        return self.comments[-1]

    def change_comment(self, request: Request) -> Json:
        """Write over a comment."""
        found = next(c for c in self.comments if str(c["id"]) == request.parts[0])
        return found.update(request.body) or found

    def set_status(self, request: Request) -> Json:
        """Take a status of a commit."""
        self.statuses.append({"sha": request.parts[0]} | request.body)
        return {}

    def some(self, items: list[Json], query: dict[str, str]) -> list[Json]:
        """Cut out the page that is asked for."""
        size, page = min(int(query["per_page"]), self.page), int(query["page"])
        self.has_more = len(items) > page * size
        return items[(page - 1) * size : page * size]


_ROUTES: dict[str, Callable[[FakeGitHub, Request], object]] = {
    r"GET pulls": FakeGitHub.list_pulls,
    r"GET pulls/(\d+)": lambda github, request: next(
        (p for p in github.pulls if str(p["number"]) == request.parts[0]), None
    ),
    r"GET pulls/\d+/files": lambda github, request: github.some(github.files, request.query),
    r"GET compare/[^/]+": lambda github, _: {"merge_base_commit": {"sha": github.merge_base}},
    r"GET issues/\d+/comments": lambda github, request: github.some(github.comments, request.query),
    r"POST issues/(\d+)/comments": FakeGitHub.make_comment,
    r"PATCH issues/comments/(\d+)": FakeGitHub.change_comment,
    r"POST statuses/([0-9a-f]{40})": FakeGitHub.set_status,
    r"GET actions/runs/(\d+)/artifacts": FakeGitHub.list_artifacts,
    r"GET actions/workflows/[^/]+/runs": lambda github, _: {"workflow_runs": github.runs},
    r"GET actions/runs/(\d+)/jobs": lambda github, request: {
        "jobs": github.some(github.jobs.get(request.parts[0], []), request.query)
    },
}
