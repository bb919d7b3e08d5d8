"""GitHub's REST API: read, write, follow pages, download."""

from __future__ import annotations

import json
import os
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from refused import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

# The most that GitHub gives: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
_PAGE = 100
_SECONDS = 60


class GitHub:
    """One repository in GitHub's API, with the token of the job."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        self.repository = repository
        self._url = f"{url}/repos/{repository}"
        self._token = token

    @classmethod
    def from_environment(cls) -> GitHub:
        """Return the repository of the run, with the token of the step."""
        given = os.environ
        return cls(given["GITHUB_API_URL"], given["GITHUB_REPOSITORY"], given["GITHUB_TOKEN"])

    def get(self, path: str, **query: str | int) -> Any:
        """Read *path* below the repository."""
        with self._open("GET", f"{path}?{urlencode(query)}") as response:
            return json.load(response)

    def pages(self, path: str, key: str | None = None, **query: str | int) -> Iterator[Any]:
        """Read a list to its end; *key* is where the answer has it, if not at the top."""
        for page in count(1):
            asked = urlencode({"per_page": _PAGE, "page": page, **query})
            with self._open("GET", f"{path}?{asked}") as response:
                answer = json.load(response)
                is_last = 'rel="next"' not in response.headers.get("Link", "")
            yield from answer if key is None else answer[key]
            if is_last:
                return

    def send(self, method: str, path: str, **body: object) -> Any:
        """Write *body* to *path*."""
        with self._open(method, path, json.dumps(body).encode()) as response:
            return json.load(response)

    def download(self, path: str, *, most: int) -> bytes:
        """
        Read a file.

        Raises:
            Refused: It is longer than *most* bytes.
        """
        with self._open("GET", path) as response:
            raw = response.read(most + 1)
        if len(raw) > most:
            raise Refused(f"{path} is longer than {most} bytes.")
        return raw

    def _open(self, method: str, path: str, data: bytes | None = None) -> HTTPResponse:
        request = Request(f"{self._url}/{path}", data=data, method=method)  # noqa: S310 - the API's own address
        request.add_header("Accept", "application/vnd.github+json")
        # An artifact is redirected to another host, which must not see the token.
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            return urlopen(request, timeout=_SECONDS)  # noqa: S310 - the API's own address
        except HTTPError as error:
            with error:
                raise Refused(f"GitHub answers {error.code} to {method} {path}.") from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise Refused(f"GitHub does not answer to {method} {path}: {reason}.") from error
