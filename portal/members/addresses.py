"""Network addresses as limits see them: one household or phone, and the block around it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def household(address: str) -> str:
    """Return the address itself, or the /64 of IPv6 that one home gets as a whole."""
    return _network(_parsed(address), v4=32, v6=64)


def block(address: str) -> str:
    """Return the neighbourhood: the /24 of IPv4, the /48 of IPv6."""
    return _network(_parsed(address), v4=24, v6=48)


def _parsed(address: str) -> IPv4Address | IPv6Address:
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def _network(address: IPv4Address | IPv6Address, *, v4: int, v6: int) -> str:
    length = v4 if isinstance(address, IPv4Address) else v6
    return str(ip_network((address.packed, length), strict=False))
