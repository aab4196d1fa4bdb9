"""How much memory a gateway takes for streams that wait: idle_streams.py PORT PID [STREAMS] [A_SECOND]

PID is the gateway's process; no worker is to answer. Prints its resident memory before and after.
"""
import json
import re
import selectors
import socket
import sys
import time

port, pid = int(sys.argv[1]), int(sys.argv[2])
wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
per_second = float(sys.argv[4]) if len(sys.argv) > 4 else 50
body = json.dumps(
    {"model": "demo", "stream": True, "messages": [{"role": "user", "content": "What is a mistral?"}]}
).encode()
request = (
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n" % len(body)
) + body


def resident_mb():
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1000


before = resident_mb()
begin = time.monotonic()
streams = []
for number in range(wanted):
    time.sleep(max(0.0, begin + number / per_second - time.monotonic()))
    stream = socket.create_connection(("127.0.0.1", port))
    stream.sendall(request)
    streams.append(stream)

selector = selectors.DefaultSelector()
for stream in streams:
    selector.register(stream, selectors.EVENT_READ)
statuses = {}
while sum(statuses.values()) < wanted:
    for key, _ in selector.select(60):
        status = key.fileobj.recv(4096)[9:12].decode()
        statuses[status] = statuses.get(status, 0) + 1
        selector.unregister(key.fileobj)
print(f"{wanted} streams, statuses {statuses}: {before:.0f} MB before, {resident_mb():.0f} MB with them")
