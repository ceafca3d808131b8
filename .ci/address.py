"""Prints the address to serve on: the one asked for, or the next whose port is free, saying so."""

import socket
import sys


def is_free(host: str, port: int) -> bool:
    """Whether MkDocs could listen there now."""
    with socket.socket() as probe:
        # As MkDocs does: a port that was given back a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_address(asked: str) -> str:
    """*asked*, `host:port`, with the first of twenty ports from there on that is free."""
    host, _, port = asked.rpartition(":")
    if not host or not port.isdecimal():
        sys.exit(f"'{asked}' is not an address: ADDR has to look like 127.0.0.1:8000")
    for candidate in range(int(port), int(port) + 20):
        if is_free(host, candidate):
            if candidate != int(port):
                print(f"{asked} is taken; serving on {host}:{candidate} instead.", file=sys.stderr)
            return f"{host}:{candidate}"
    sys.exit(f"Nothing is free from {asked} on; choose another address: make serve ADDR=127.0.0.1:9000")


if __name__ == "__main__":
    print(free_address(sys.argv[1]))
