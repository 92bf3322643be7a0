"""Twenty lines on python3-msgpack: the whole of a MessagePack-RPC client, and what tests like to ask of it."""
import socket
import time

import msgpack


class Client:
    def __init__(self, port, host="127.0.0.1", source=None):
        self.socket = socket.create_connection((host, port), timeout=20, source_address=(source, 0) if source else None)
        self.unpacker = msgpack.Unpacker(raw=False)
        self.events, self.next_id = [], 0

    def call(self, method, **params):
        """(error, result)"""
        msgid = self.send(method, **params)
        while True:
            message = self.receive()
            if message[0] == 1 and message[1] == msgid:
                return message[2], message[3]
            self.take(message)

    def send(self, method, **params):
        self.next_id += 1
        self.socket.sendall(msgpack.packb([0, self.next_id, method, [params]]))
        return self.next_id

    def receive(self):
        while True:
            for message in self.unpacker:
                return message
            chunk = self.socket.recv(65536)
            if not chunk:
                raise ConnectionError("closed")
            self.unpacker.feed(chunk)

    def take(self, message):
        self.events.append((message[1], message[2][0]) if message[0] == 2 else ("answer", message))

    # -- for tests

    def must(self, method, **params):
        failure, result = self.call(method, **params)
        if failure is not None:
            raise AssertionError(f"{method}: {failure}")
        return result

    def wait_for(self, method, match=lambda params: True, seconds=10):
        """The first notification of that method that matches, past or to come; it stays in `events`."""
        seen = 0
        until = time.time() + seconds
        while True:
            for name, params in self.events[seen:]:
                if name == method and match(params):
                    return params
            seen = len(self.events)
            left = until - time.time()
            if left <= 0:
                raise AssertionError(f"no {method} came in {seconds} s")
            self.socket.settimeout(left)
            try:
                self.take(self.receive())
            except socket.timeout:
                pass
            finally:
                self.socket.settimeout(20)

    def wait_event(self, session, kind, match=lambda fields: True, seconds=10):
        return self.wait_for("session.event", lambda e: e["session_id"] == session and e["type"] == kind and match(e[kind]), seconds)

    def say(self, session, key, text):
        return self.call("session.send", session_id=session, client_msg_id=key, type="text", body={"text": text})

    def close(self):
        self.socket.close()
