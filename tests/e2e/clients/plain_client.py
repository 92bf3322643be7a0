"""Twenty lines on python3-msgpack: the whole of a MessagePack-RPC client."""
import socket

import msgpack


class Client:
    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=10)
        self.unpacker = msgpack.Unpacker(raw=False)
        self.events, self.next_id = [], 0

    def call(self, method, **params):
        self.next_id += 1
        self.socket.sendall(msgpack.packb([0, self.next_id, method, [params]]))
        while True:
            message = self.receive()
            if message[0] == 1 and message[1] == self.next_id:
                return message[2], message[3]
            self.events.append(message)

    def receive(self):
        while True:
            for message in self.unpacker:
                return message
            chunk = self.socket.recv(65536)
            if not chunk:
                raise ConnectionError("closed")
            self.unpacker.feed(chunk)
