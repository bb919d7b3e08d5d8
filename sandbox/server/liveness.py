"""
Whether the recorded server lives: one small request, which the server answers with its name.

The name tells it from another program that has got its port meanwhile, and from the server of
another sandbox.
"""

from __future__ import annotations

from enum import Enum
from http.client import HTTPConnection, HTTPException

from .loopback import HOST

# moto keeps paths below this one for itself, so that no request to AWS can mean it.
NAME_PATH = "/moto-api/sandbox-name"

# Beside twice as many busy programs as cores the answer takes some milliseconds. The rest is for a
# machine that swaps, and for a moto that is in the middle of a long piece of work.
PATIENCE = 30.0

# A name has 32 characters; another program may answer with gigabytes.
_LONGEST_NAME = 100


class Liveness(Enum):
    """
    The three answers. A server that is silent may be busy or stopped, and hold what was applied.
    """

    LIVES = "lives"
    GONE = "is gone"
    SILENT = "does not answer"


def read_liveness(name: str, port: int) -> Liveness:
    """
    Return whether the server *name* is behind *port* of this machine.

    It is gone where the port is closed, or where another program answers. A connection that is
    accepted and then broken or left without an answer says neither.
    """
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", NAME_PATH)
        found = connection.getresponse().read(_LONGEST_NAME)
    except ConnectionRefusedError:
        return Liveness.GONE
    # Before the next one: a broken connection is of both kinds.
    except OSError:
        return Liveness.SILENT
    except HTTPException:
        return Liveness.GONE
    finally:
        connection.close()
    return Liveness.LIVES if found == name.encode() else Liveness.GONE
