"""Readers who do not read: what is held for them is bounded in sum, and those who read do not notice."""
import json
import os
import socket
import threading
import time
import unittest

import msgpack

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

MIB = 1 << 20


class SilentReader:
    """Logs in as an agent and never reads again; its small window leaves little to the kernel."""

    def __init__(self, port, name):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        hello = {"role": "agent", "id": name, "token": name, "protocol": 1}
        self.socket.sendall(msgpack.packb([0, 1, "hello", [hello]]))


class Readers(DaemonCase):
    lines = int(os.environ.get("SWITCHBOARD_SILENT_READERS", "150"))
    messages = 100
    share = 8
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5)}) +
                "input: {customer: {text_length: 16384}}\n")
    options = (f"limits: {{queued_bytes_per_token: {share}MiB, queued_bytes: 64MiB}}\n"
               "log: {file: log.txt, format: json, level: warn}\n")

    def dropped(self):
        with open(os.path.join(self.daemon.folder, "log.txt"), encoding="utf-8") as log:
            return [line for line in map(json.loads, log) if line["event"] == "connection_dropped_for_its_output"]

    def test_many_lines_of_one_token_that_never_read_stay_within_its_share(self):
        channel = self.daemon.channel()
        lin = self.daemon.agent("lin")
        session = channel.must("session.open", request_id="r", customer={"id": "ann"})["session_id"]
        lin.wait_for("session.event", lambda e: e["type"] == "assigned")
        reading = threading.Thread(target=self.read_on, args=(lin,), daemon=True)
        silent = [SilentReader(self.daemon.port, "lin") for _ in range(self.lines)]
        time.sleep(0.5)
        before = self.daemon.anonymous_bytes()
        self.heard, self.done = 0, False
        reading.start()
        most = 0
        for i in range(self.messages):
            channel.must("session.send", session_id=session, client_msg_id=f"m{i}", type="text",
                         body={"text": "x" * 16_000})
            most = max(most, self.daemon.anonymous_bytes() - before)
        self.eventually(lambda: self.heard >= self.messages, 20, "who reads hears everything")
        self.done = True
        # Without the share it were lines × messages × 16 KB.
        self.assertLess(most, (8 * self.share + 64) * MIB, "bytes in memory")
        dropped = self.dropped()
        self.assertGreater(len(dropped), 0)
        self.assertEqual({d["token"] for d in dropped}, {"agent:lin"})
        self.assertEqual(dropped[0]["limit"], self.share * MIB)
        for s in silent:
            s.socket.close()

    def read_on(self, client):
        client.socket.settimeout(0.2)
        while not self.done:
            try:
                message = client.receive()
            except socket.timeout:
                continue
            if message[0] == 2 and message[1] == "session.event" and message[2][0]["type"] == "message":
                self.heard += 1


if __name__ == "__main__":
    unittest.main()
