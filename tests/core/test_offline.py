"""A process whose network is closed cannot open it again."""

import subprocess
import sys

import pytest

ATTEMPTS = {
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "send": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "send a message": "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', 9))",
    "listen": "socket.socket().bind(('127.0.0.1', 0))",
    "resolve": "socket.getaddrinfo('exchange.example', 443)",
    "resolve in the old way": "socket.gethostbyname('localhost')",
    "resolve backwards": "socket.gethostbyaddr('127.0.0.1')",
    "fetch": "urllib.request.urlopen('http://127.0.0.1:9/')",
    "asyncio": "asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
    "dnspython": "dns.query.udp(dns.message.make_query('a.example', 'A'), '127.0.0.1', timeout=1)",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_way_out_is_refused(attempt):
    code = f"""
import asyncio, socket, urllib.request, dns.message, dns.query
from ringfence.core.errors import RefusedError
from ringfence.core.offline import close_network
close_network()
try:
    {ATTEMPTS[attempt]}
except RefusedError as error:
    print("refused:", error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert done.stdout.startswith("refused: the network is closed"), done.stderr
