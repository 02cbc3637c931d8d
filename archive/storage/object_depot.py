"""A depot in an object store that speaks S3: Amazon's, Ceph, MinIO, Garage and others.

A name is a key below a prefix. An object appears whole or not at all, so nothing has to be renamed;
"never over another" is a look before and a conditional write (``If-None-Match``). A store that
does not know that header may ignore it: one writer a home and the look are what it has then.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from archive.errors import DepotUnreachable, DigestMismatch, NameTaken, UsageError
from archive.storage.depot import free_name, is_volume_name, order_of
from archive.storage.ranged_file import RangedFile, Stretch
from archive.storage.volume import Volume
from archive.storage.warc_name import OPEN_SUFFIX

if TYPE_CHECKING:
    from types import ModuleType

ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([^\s?#]*))?")
#: Octets that are held in memory while a file goes up; S3 takes at most 10,000 parts of a file.
PART = 32 << 20
MOST_PARTS = 9_000
CONNECT_SECONDS = 5
READ_SECONDS = 30
ATTEMPTS = 3
#: After an answer that did not come, so long nobody asks again: a crawl would wait each time.
PAUSE_SECONDS = 30.0

_MISSING = frozenset(("404", "NoSuchKey", "NotFound"))
_TAKEN = frozenset(("412", "PreconditionFailed", "409", "ConditionalRequestConflict"))
_BEHIND_END = frozenset(("416", "InvalidRange"))
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class ObjectDepot:
    """Keeps closed files as objects of a bucket.

    Credentials come as boto3 finds them: ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY`` in
    the environment, or the role of the machine. No setting holds them.

    Args:
        address: ``s3://bucket/prefix``.
        endpoint: Where the store answers; "" for Amazon's.
    """

    def __init__(self, address: str, endpoint: str = "") -> None:
        found = ADDRESS.fullmatch(address)
        if found is None:
            raise UsageError(f"{address!r} is no address such as s3://bucket/prefix.")
        self._bucket = found[1]
        prefix = (found[2] or "").strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._endpoint = endpoint
        self._made: Any = None
        self._silent_until = 0.0

    @property
    def address(self) -> str:
        """The bucket and the prefix, as a URL."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def listing(self) -> Mapping[str, int]:
        """Closed files and how long each is, in the order of keeping."""
        found = ((key, size) for key, size in self._keys("") if is_volume_name(key))
        closed = {key: size for key, size in found if not key.endswith(OPEN_SUFFIX)}
        return dict(sorted(closed.items(), key=lambda item: order_of(item[0])))

    def octets(self, name: str) -> int:
        """How long a file is."""
        size = self._size(name)
        if size is None:
            raise self._missing(name)
        return size

    def open(self, name: str, offset: int = 0) -> BinaryIO:
        """A file from an offset, read stretch by stretch."""
        key = self._key(name)
        file = RangedFile(lambda at, end, tag: self._stretch(key, at, end, tag), offset)
        return cast("BinaryIO", file)

    def take(self, volume: Volume, name: str, sha256: str) -> None:
        """Put a file up under its name, as one object or in parts."""
        if self._size(name) is not None:
            self._check_same(name, sha256)
            return
        octets = volume.octets()
        with volume.open() as file:
            try:
                if octets <= PART:
                    self._put(self._key(name), file.read(PART + 1), sha256, volume)
                else:
                    size = max(PART, octets // MOST_PARTS + 1)
                    self._put_in_parts(self._key(name), file, size, sha256, volume)
            except NameTaken:
                self._check_same(name, sha256)

    def take_down(self, name: str) -> str:
        """Copy an object to a name that no listing shows, then drop the old one."""
        size = self.octets(name)
        aside = free_name(name, (key for key, _ in self._keys(f"{name}.damaged-")))
        key, other = self._key(name), self._key(aside)
        source = {"Bucket": self._bucket, "Key": key}
        with self._asked():
            self._client.copy(source, self._bucket, other)
        if self.octets(aside) != size:
            raise DepotUnreachable(f"{name} could not be put aside in {self.address}.")
        with self._asked():
            self._client.delete_object(Bucket=self._bucket, Key=key)
        return aside

    def _put(self, key: str, octets: bytes, sha256: str, volume: Volume) -> None:
        if hashlib.sha256(octets).hexdigest() != sha256:
            raise _changed(volume)
        with self._asked():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=octets, IfNoneMatch="*")

    def _put_in_parts(
        self, key: str, file: BinaryIO, size: int, sha256: str, volume: Volume
    ) -> None:
        """Put up part by part; the object appears when all are there, and only if it is right."""
        named = {"Bucket": self._bucket, "Key": key}
        self._drop_half_uploads(key)
        with self._asked():
            upload = self._client.create_multipart_upload(**named)["UploadId"]
        try:
            digest, parts = hashlib.sha256(), list[dict[str, Any]]()
            while octets := file.read(size):
                digest.update(octets)
                number = len(parts) + 1
                with self._asked():
                    done = self._client.upload_part(
                        **named, UploadId=upload, PartNumber=number, Body=octets
                    )
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
            if digest.hexdigest() != sha256:
                raise _changed(volume)
            with self._asked():
                self._client.complete_multipart_upload(
                    **named, UploadId=upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
                )
        except BaseException:
            with suppress(DepotUnreachable, FileNotFoundError), self._asked():
                self._client.abort_multipart_upload(**named, UploadId=upload)
            raise

    def _drop_half_uploads(self, key: str) -> None:
        """Drop what a crash left of an earlier upload: it is no object, but it is paid for."""
        said: Mapping[str, Any] = {}
        with suppress(DepotUnreachable, FileNotFoundError), self._asked():  # not all stores tell
            said = self._client.list_multipart_uploads(Bucket=self._bucket, Prefix=key)
        for upload in said.get("Uploads", ()):
            if upload["Key"] == key:
                with suppress(FileNotFoundError), self._asked():
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=key, UploadId=upload["UploadId"]
                    )

    def _check_same(self, name: str, sha256: str) -> None:
        try:
            stands = Volume(name=name, lender=self).sha256()
        except FileNotFoundError as error:
            raise DepotUnreachable(f"{self.address} is busy with {name}.") from error
        if stands != sha256:
            raise NameTaken(f"{self.address}/{name} is another file; it was left as it is.")

    def _size(self, name: str) -> int | None:
        try:
            with self._asked():
                said = self._client.head_object(Bucket=self._bucket, Key=self._key(name))
        except FileNotFoundError:
            # A HEAD has no body to tell a missing bucket from a missing object.
            self._check_bucket()
            return None
        return int(said["ContentLength"])

    def _check_bucket(self) -> None:
        try:
            with self._asked():
                self._client.head_bucket(Bucket=self._bucket)
        except FileNotFoundError as error:
            raise DepotUnreachable(f"There is no bucket {self._bucket!r}.") from error

    def _keys(self, begins: str) -> Iterator[tuple[str, int]]:
        """What lies below the prefix, by its name without it, and how long it is."""
        with self._asked():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}{begins}"
            )
            for page in pages:
                for one in page.get("Contents", ()):
                    yield one["Key"].removeprefix(self._prefix), int(one["Size"])

    def _stretch(self, key: str, begin: int, end: int, tag: str) -> Stretch | None:
        """Octets of an object; None where nothing is left. Asked again when the stream is cut."""
        named = {"Bucket": self._bucket, "Key": key, "Range": f"bytes={begin}-{end - 1}"}
        if tag:
            named["IfMatch"] = tag  # a reader must not be given two halves of two objects
        for attempt in range(ATTEMPTS):
            try:
                with self._asked():
                    return self._whole_stretch(named, begin, end)
            except _Behind:
                return None
            except _Cut as cut:
                if attempt == ATTEMPTS - 1:
                    raise DepotUnreachable(f"{self.address} breaks off: {cut}.") from cut
        raise AssertionError  # the last attempt returns or raises

    def _whole_stretch(self, named: Mapping[str, str], begin: int, end: int) -> Stretch:
        said = self._client.get_object(**named)
        found = _RANGE.fullmatch(said.get("ContentRange", ""))
        with said["Body"] as body:
            if found is None or int(found[1]) != begin or int(found[2]) >= end:
                raise DepotUnreachable(f"{self.address} does not give out parts of a file.")
            octets = _read(body, end - begin)
        if len(octets) != int(found[2]) + 1 - begin:
            raise _Cut(f"{len(octets)} octets of {int(found[2]) + 1 - begin}")
        return Stretch(octets=octets, total=int(found[3]), tag=said["ETag"])

    def _key(self, name: str) -> str:
        bare = re.sub(r"\.damaged-\d+\Z", "", name)
        if not is_volume_name(bare):
            raise self._missing(name)
        return f"{self._prefix}{name}"

    def _missing(self, name: str) -> FileNotFoundError:
        return FileNotFoundError(f"{name} is missing from {self.address}")

    @property
    def _client(self) -> Any:
        if self._made is None:
            self._made = _make_client(self._endpoint)
        return self._made

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Say in our words what went wrong with the store."""
        if time.monotonic() < self._silent_until:
            raise DepotUnreachable(f"{self.address} did not answer a moment ago.")
        exceptions = _library("botocore.exceptions")
        try:
            yield
        except exceptions.ClientError as error:
            raise self._refused(error) from error
        except (exceptions.BotoCoreError, exceptions.HTTPClientError, OSError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            raise DepotUnreachable(f"{self.address} does not answer: {error}.") from error

    def _refused(self, error: Any) -> Exception:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            return FileNotFoundError(f"{self.address} has no such file")
        if code in _BEHIND_END:
            return _Behind()
        if code in _TAKEN:
            return NameTaken(f"{self.address} has another file of that name.")
        return DepotUnreachable(f"{self.address} refuses: {error}.")


class _Cut(Exception):
    """A stream ended before its end."""


class _Behind(Exception):
    """Nothing stands at that offset."""


def _read(body: Any, octets: int) -> bytes:
    exceptions = _library("botocore.exceptions")
    try:
        return bytes(body.read(octets))
    except (exceptions.IncompleteReadError, exceptions.ResponseStreamingError) as error:
        raise _Cut(str(error)) from error


def _changed(volume: Volume) -> DigestMismatch:
    return DigestMismatch(f"{volume.name} is not the file that was closed.")


def _make_client(endpoint: str) -> Any:
    settings = _library("botocore.config").Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # Stores other than Amazon's refuse or mangle the checksums that boto3 adds by itself; a
        # file is read back by its digest anyway.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if endpoint else {},
        user_agent_extra="Hongtou",
    )
    return (
        _library("boto3")
        .session.Session()
        .client("s3", endpoint_url=endpoint or None, config=settings)
    )


def _library(name: str) -> ModuleType:
    """boto3, loaded when a store is asked for the first time.

    Raises:
        UsageError: It is not installed.
    """
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            "A depot in an object store needs boto3, which is not installed.",
            next_step=f"Install it with `{sys.executable} -m pip install 'hongtou[s3]'`.",
        ) from error
