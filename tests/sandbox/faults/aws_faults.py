"""
Faults of AWS, put between Terraform and the gate of a sandbox.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from kill_moments import BUCKET, read_moment
from werkzeug.wrappers import Response

from sandbox.server.json_response import json_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request

    from sandbox.gate import Gate


@dataclass(frozen=True, kw_only=True)
class Fault:
    """
    What goes wrong, and when.

    Attributes:
        calls: At these calls; with `onwards` from the first of them on, at every call.
        times: How often at each call.
        code: The code of AWS's error; empty where AWS is only slow.
        status: The status of its answer.
        is_done: Whether AWS does the call all the same, and only its answer is lost.
        seconds: How long AWS takes.
    """

    calls: tuple[str, ...]
    code: str = ""
    status: int = 400
    times: int = 1
    onwards: bool = False
    is_done: bool = False
    seconds: float = 0


@dataclass
class Faults:
    """
    The fault of the moment, and how often each call was met by it.
    """

    fault: Fault | None = None
    met: Counter[str] = field(default_factory=Counter[str])

    def put_before(self, gate: Gate) -> None:
        """
        Let every request pass here before the gate decides.
        """
        decide = gate.decide

        def answer(request: Request) -> Response:
            return self._answer(request, decide)

        gate.decide = answer

    def begin(self, fault: Fault | None) -> None:
        """
        Let that fault be the one of the moment.
        """
        self.fault, self.met = fault, Counter()

    def _answer(self, request: Request, decide: Callable[[Request], Response]) -> Response:
        fault = self.fault
        call = read_moment(request)[1]
        if fault is None or not self._meets(fault, call):
            return decide(request)
        # Nothing else is to run meanwhile, and no time is asserted.
        threading.Event().wait(fault.seconds)
        done = decide(request) if fault.is_done or not fault.code else None
        return failure(request, fault) if fault.code or done is None else done

    def _meets(self, fault: Fault, call: str) -> bool:
        begun = fault.onwards and bool(self.met)
        if not begun and call not in fault.calls:
            return False
        self.met[call] += 1
        return fault.onwards or self.met[call] <= fault.times


def failure(request: Request, fault: Fault) -> Response:
    """
    Return AWS's error in the form of the service that was called.
    """
    text = f"{fault.code}, as the test wants it"
    if request.headers.get("X-Amz-Target"):
        said = {"__type": fault.code, "message": text}
        return json_response(said, status=fault.status, mimetype="application/x-amz-json-1.1")
    root = Element("Error" if request.path.startswith(f"/{BUCKET}") else "ErrorResponse")
    error = root if root.tag == "Error" else SubElement(root, "Error")
    for name, value in {"Code": fault.code, "Message": text}.items():
        SubElement(error, name).text = value
    return Response(tostring(root), status=fault.status, mimetype="text/xml")
