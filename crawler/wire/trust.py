# ruff: noqa: N802 - Twisted names the methods it calls
"""Whose certificates are believed: the system's, and those of HONGTOU_CA_FILE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet._sslverify import IOpenSSLTrustRoot
from twisted.internet.ssl import optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from archive.errors import BadSetting

# OP_LEGACY_SERVER_CONNECT: many government servers cannot renegotiate as RFC 5746 asks, and
# OpenSSL 3 would not speak to them at all. Scrapy sets it too, but only where it verifies nothing.
_LEGACY_SERVERS = 0x4


@implementer(IPolicyForHTTPS)
class WirePolicy:
    """Verified TLS with Scrapy's other TLS settings, and an operator's own authority beside."""

    def __init__(self, scrapy_policy: Any, ca_file: str | None) -> None:
        self._scrapy_policy = scrapy_policy
        self._trust = _TrustRoot(ca_file)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """What makes the TLS connection to a host; unverified only where Scrapy is told so."""
        policy = self._scrapy_policy
        if not isinstance(policy, _ScrapyClientContextFactory) or not policy._verify_certificates:  # noqa: SLF001 - Scrapy tells it nowhere else
            return policy.creatorForNetloc(hostname, port)
        return optionsForClientTLS(
            hostname.decode("ascii"),
            trustRoot=self._trust,  # type: ignore[arg-type]  # zope interfaces are no types
            extraCertificateOptions=policy._get_cert_options_kwargs(),  # noqa: SLF001 - Scrapy's own TLS settings
        )


@implementer(IOpenSSLTrustRoot)
class _TrustRoot:
    """The system's authorities and one file more."""

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file
        if ca_file and not Path(ca_file).is_file():
            raise BadSetting(f"HONGTOU_CA_FILE is {ca_file}, and there is no such file.")

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        context.set_default_verify_paths()
        context.set_options(_LEGACY_SERVERS)
        if self._ca_file:
            context.load_verify_locations(self._ca_file)
