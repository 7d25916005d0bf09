"""Where a webhook may go: to what the installation names (WEBHOOK_HOSTS), and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80}

Origin = tuple[str, str, int]


@dataclass(frozen=True)
class Target:
    """An address taken apart. `netloc` as it was written; `path` with its query."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str

    @property
    def origin(self) -> Origin:
        return self.scheme, self.host, self.port


def target_of(url: str) -> Target:
    """raises  ValueError for what is no plain http or https address"""
    if not url.isascii() or any(not "!" <= letter <= "~" for letter in url):
        raise ValueError("letters that no address has")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("neither http nor https")
    if "@" in parts.netloc or parts.fragment:
        raise ValueError("more than an address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or PORTS[parts.scheme]
    return Target(parts.scheme, parts.hostname, port, parts.netloc, path)


def means_itself(host: str) -> bool:
    """Tell whether a host is an address, or this machine by its name: no name leads elsewhere."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_inner(address: str) -> bool:
    """Tell whether an address is of this machine or its wire: no other system of the city's.

    Of the wire (169.254.0.0/16, fe80::/10) are the addresses at which a cloud tells its secrets.
    """
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified


def origins(hosts: Iterable[str]) -> frozenset[Origin]:
    """Return what is allowed. `host` and `host:port` are https; http is written out.

    raises  ValueError for an entry that is no address
    """
    return frozenset(
        target_of(host if "://" in host else f"https://{host}").origin for host in hosts
    )
