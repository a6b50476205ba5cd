"""Where a request comes from: the peer's word for it, unless the peer is a proxy that the settings name."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


@lru_cache(maxsize=1000)
def read(text: str) -> Address | None:
    """An IPv4 address that is written as IPv6 is one of IPv4."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(peer: Address | None) -> bool:
    return peer is not None and any(peer in network for network in settings.TRUSTED_PROXIES)


def is_stranger(peer: str) -> bool:
    """Whose X-Forwarded-… is dropped. Where no proxies are named, whoever reaches the port is taken for one."""
    return bool(settings.TRUSTED_PROXIES) and not is_trusted(read(peer))


def client_address(request: HttpRequest) -> str:
    """Each proxy writes whom it speaks for at the end of X-Forwarded-For: what stands before is hearsay."""
    address = read(request.META.get("REMOTE_ADDR", ""))
    for further in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not is_trusted(address) or (named := read(further)) is None:
            break
        address = named
    return str(address or "")


def neighbourhood(address: str) -> str:
    """What one subscriber has: of IPv6, where each has 2⁶⁴ addresses and more, their network. Of no address nothing."""
    host = read(address)
    return str(ip_network((host, 64), strict=False)) if isinstance(host, IPv6Address) else str(host or "")
