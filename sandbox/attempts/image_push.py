"""
The calls of a push and of a pull, and the image that they are about.

moto has no registry to speak to, so these are the calls that Docker's own ones become.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .job import FromAnswer, JobCall

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
CONFIGURATION = "application/vnd.docker.container.image.v1+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """
    An image of one layer. The layer holds the image's tag, so each run pushes another one.

    Its digest does not hang on its name: an image that is copied has the same one elsewhere.

    Attributes:
        name: `REGISTRY/REPOSITORY`.
        tag: Its tag.

    """

    name: str
    tag: str

    @property
    def layer(self) -> bytes:
        """The content of the layer."""
        return f"image:{self.tag}".encode()

    @property
    def manifest(self) -> str:
        """The manifest, which a push sends last."""
        size = len(self.layer)
        layer = {"mediaType": LAYER, "size": size, "digest": _digest(self.layer)}
        found: dict[str, Any] = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            # Docker pushes a configuration as a blob of its own; one blob serves for both here.
            "config": {**layer, "mediaType": CONFIGURATION},
            "layers": [layer],
        }
        return json.dumps(found)

    @property
    def digest(self) -> str:
        """The digest, which a build step hands on to the jobs that deploy the image."""
        return _digest(self.manifest.encode())


def push_calls(image: Image, account: str, *, reads_cache: bool = False) -> Iterator[JobCall]:
    """
    Yield the calls that push *image* to the registry of *account*.

    With *reads_cache*, layers that are in the registry are read before.
    """
    to = {"registryId": account, "repositoryName": image.name.partition("/")[2]}
    layer = _digest(image.layer)
    if reads_cache:
        yield JobCall("ecr", "GetDownloadUrlForLayer", {**to, "layerDigest": layer})
    yield JobCall("ecr", "BatchCheckLayerAvailability", {**to, "layerDigests": [layer]})
    yield JobCall("ecr", "InitiateLayerUpload", to)
    upload = {**to, "uploadId": FromAnswer("InitiateLayerUpload", ("uploadId",))}
    last = len(image.layer) - 1
    part = {"partFirstByte": 0, "partLastByte": last, "layerPartBlob": image.layer}
    yield JobCall("ecr", "UploadLayerPart", {**upload, **part})
    yield JobCall("ecr", "CompleteLayerUpload", {**upload, "layerDigests": [layer]})
    made = {"imageManifest": image.manifest, "imageDigest": image.digest, "imageTag": image.tag}
    yield JobCall("ecr", "PutImage", {**to, **made})
    # Docker reads back what it has pushed, to print the digest.
    yield JobCall("ecr", "BatchGetImage", {**to, "imageIds": [{"imageDigest": image.digest}]})


def pull_calls(image: Image, account: str) -> Iterator[JobCall]:
    """Yield the calls that pull *image* from the registry of *account*."""
    at = {"registryId": account, "repositoryName": image.name.partition("/")[2]}
    yield JobCall("ecr", "BatchGetImage", {**at, "imageIds": [{"imageDigest": image.digest}]})
    yield JobCall("ecr", "GetDownloadUrlForLayer", {**at, "layerDigest": _digest(image.layer)})


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
