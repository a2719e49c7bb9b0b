"""Which machine a request comes from, when proxies stand in between."""

from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def networks(trusted: Collection[str]) -> tuple[Network, ...]:
    """The trusted proxies as networks; each entry is an address or a CIDR range."""
    return tuple(ip_network(each, strict=False) for each in trusted)


def client_address(peer: str, forwarded: str, trusted: Collection[Network]) -> str:
    """The address to count by, from the peer's and the `X-Forwarded-For` header.

    The header is believed only as far as trusted proxies wrote it, from the right: anybody can
    write anything to the left. An IPv6 visitor is counted by their /64, which is one household;
    what is not an address at all counts as one common key.
    """
    chain = [part.strip() for part in forwarded.split(",") if part.strip()] if forwarded else []
    address = peer
    while chain and _is_trusted(address, trusted):
        address = chain.pop()
    return _key(address)


def _is_trusted(address: str, trusted: Collection[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted)


def _key(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)
