"""Stands before an HTTP server and spoils its answers: fault_proxy.py UPSTREAM_PORT FOLDER

Prints "port N". FOLDER/mode says what to do with each request, and can be written anew at any time:

    pass            the server's answer
    slow S          the same, S seconds late
    status N        the answer N
    fail_first N    500 to the next N requests, then pass
    garbage         200 with what is no JSON
    nonsense        bytes that are no HTTP
    reset           the connection is torn down
    hang            no answer while the mode stays
    hangup          the server's answer, then the connection is closed without a word

FOLDER/requests has one line a request: number of the connection, requests being served, path and the headers that prove who asks.
"""
import http.client
import os
import socket
import socketserver
import struct
import sys
import threading
import time

UPSTREAM, FOLDER = int(sys.argv[1]), sys.argv[2]
LOCK = threading.Lock()
STATE = {"connections": 0, "serving": 0, "failed": 0}
PROOFS = ("authorization", "x-key-id", "x-timestamp", "x-signature")


def mode():
    try:
        with open(os.path.join(FOLDER, "mode"), encoding="utf-8") as now:
            return now.read().split() or ["pass"]
    except FileNotFoundError:
        return ["pass"]


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        with LOCK:
            STATE["connections"] += 1
            self.number = STATE["connections"]
        try:
            while self.one_request():
                pass
        except OSError:
            pass

    def one_request(self):
        line = self.rfile.readline(65536).decode("latin-1")
        if not line:
            return False
        headers = {}
        while True:
            header = self.rfile.readline(65536).decode("latin-1").strip()
            if not header:
                break
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        target = line.split()[1]
        with LOCK:
            STATE["serving"] += 1
            proofs = [f"{name}={headers[name]}" for name in PROOFS if name in headers]
            with open(os.path.join(FOLDER, "requests"), "a", encoding="utf-8") as log:
                log.write(" ".join([str(self.number), str(STATE["serving"]), target] + proofs) + "\n")
        try:
            return self.answer(target)
        finally:
            with LOCK:
                STATE["serving"] -= 1

    def answer(self, target):
        what, *rest = mode()
        if what == "slow":
            time.sleep(float(rest[0]))
        elif what == "status":
            return self.send(int(rest[0]), b"{}")
        elif what == "fail_first":
            with LOCK:
                STATE["failed"] += 1
                fails = STATE["failed"] <= int(rest[0])
            if fails:
                return self.send(500, b"{}")
        elif what == "garbage":
            return self.send(200, b"<html>an error page</html>")
        elif what == "nonsense":
            self.wfile.write(b"\x00\x01\x02 not http \r\n\r\n")
            return False
        elif what == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return False
        elif what == "hang":
            while mode()[0] == "hang":
                time.sleep(0.02)
            return False
        upstream = http.client.HTTPConnection("127.0.0.1", UPSTREAM, timeout=10)
        upstream.request("GET", target)
        came = upstream.getresponse()
        body = came.read()
        upstream.close()
        self.send(came.status, body)
        return what != "hangup"

    def send(self, status, body):
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


with Server(("127.0.0.1", 0), Handler) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
