"""A GitHub on this machine, over real HTTP, and the commands of the actions that talk to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from fake_github import REPOSITORY, RUN, TOKEN, FakeGitHub, Json, run_event

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / ".github" / "actions" / "scripts"


@contextmanager
def serve() -> Generator[FakeGitHub]:
    """Start it on a free port of this machine, and a second host for the artifacts."""
    github = FakeGitHub()
    blobs = ThreadingHTTPServer(("127.0.0.1", 0), _blob_handler(github))
    api = ThreadingHTTPServer(("127.0.0.1", 0), _api_handler(github, blobs.server_port))
    github.url = f"http://127.0.0.1:{api.server_port}"
    threads = [
        threading.Thread(target=server.serve_forever, args=[0.01]) for server in (blobs, api)
    ]
    for thread in threads:
        thread.start()
    try:
        yield github
    finally:
        for server in (blobs, api):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


def call(
    github: FakeGitHub, command: str, folder: Path, event: Json | None = None, /, **given: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the actions as a step would, with the standard library only."""
    (folder / "event.json").write_text(json.dumps(event or run_event()), encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "GITHUB_API_URL": github.url,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REF_NAME": "main",
        "GITHUB_RUN_ID": str(RUN),
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_OUTPUT": str(folder / "outputs"),
    }
    return subprocess.run(
        [sys.executable, "-S", str(SCRIPTS), command],
        env=environment | given,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def outputs(folder: Path) -> dict[str, str]:
    """Read what a step wrote to `GITHUB_OUTPUT`."""
    lines = (folder / "outputs").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def _api_handler(github: FakeGitHub, blob_port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        def answer(self) -> None:
            address = urlsplit(self.path)
            path = address.path.removeprefix(f"/repos/{REPOSITORY}/")
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self.reply(401, b"{}")
            elif path.startswith("actions/artifacts/"):
                target = f"http://127.0.0.1:{blob_port}/{path.split('/')[2]}"
                self.reply(302, b"", Location=target)
            else:
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                length = int(self.headers["Content-Length"] or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                found = github.answer(self.command, path, query, body)
                link = {"Link": '<https://api.github.com/x>; rel="next"'} if github.has_more else {}
                self.reply(200 if found is not None else 404, json.dumps(found).encode(), **link)

    return Handler


def _blob_handler(github: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        def answer(self) -> None:
            github.blob_headers = {name.lower(): value for name, value in self.headers.items()}
            self.reply(200, github.artifacts[int(self.path.strip("/"))][1])

    return Handler


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.answer()

    do_POST = do_PATCH = do_GET  # noqa: N815 - the names of the base class

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: pytest shows what matters."""
