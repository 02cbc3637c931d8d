"""Certificates for any host, from an authority made at start and forgotten at the end."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme

#: The name on the certificate when a client sends no SNI (it dialled an address).
NAMELESS = "localhost"


class Authority:
    """Signs a certificate for each host a client asks for by SNI.

    Args:
        folder: Where the authority's own certificate is written, for clients to trust.
    """

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(organization_name="Hongtou replica web")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.ca_file = folder / "replica-ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)

    def context(self, host: str = NAMELESS) -> ssl.SSLContext:
        """A server context that shows the host's certificate, and changes it by SNI."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            self._ca.issue_cert(host).configure_cert(context)
            context.sni_callback = self._switch
            self._contexts[host] = context
        return self._contexts[host]

    def _switch(self, tls: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        """Called by OpenSSL during the handshake with the name the client wants."""
        if host:
            tls.context = self.context(host.lower())
