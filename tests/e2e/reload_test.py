"""SIGHUP: options marked `reload` are taken up while the daemon runs, the others are named in the log."""
import json
import os
import signal
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml, token_of
from plain_client import Client


class Reload(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5)}))
    options = "log: {file: log.txt, format: json, level: warn}\nworkers: {routers: 1}\n"

    def rewrite(self, *changes):
        path = os.path.join(self.daemon.folder, "daemon.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for before, after in changes:
            self.assertIn(before, text)
            text = text.replace(before, after)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.daemon.process.send_signal(signal.SIGHUP)

    def logged(self, event):
        with open(os.path.join(self.daemon.folder, "log.txt"), encoding="utf-8") as log:
            return [line for line in map(json.loads, log) if line["event"] == event]

    def hello(self):
        """What a connection made now is told."""
        client = Client(self.daemon.port)
        return client, client.must("hello", role="channel", id="app", token="app", protocol=1)["limits"]

    def test_limits_deadlines_and_log_level_change_without_a_restart(self):
        before, told = self.hello()
        self.assertEqual((told["message_bytes"], told["window"]), (65536, 256))
        self.rewrite(("level: warn", "level: info"), ("workers: {routers: 1}", "workers: {routers: 3}\n"
                     "limits: {message_bytes: 2KiB, window: 8, connections: 2}\ndeadlines: {idle: 1s}\n"
                     "journal: {map_size: 1GiB, admission_percent: 70}\n#"), ("journal: {map_size: 1GiB}\n", ""))
        taken = self.eventually(lambda: self.logged("options_reloaded"))[0]["options"].split(",")
        self.assertEqual(sorted(taken), ["deadlines.idle", "journal.admission_percent", "limits.connections",
                                         "limits.message_bytes", "limits.window", "log.level"])
        self.assertEqual(self.eventually(lambda: self.logged("options_need_restart"))[0]["options"], "workers.routers")
        after, told = self.hello()
        self.assertEqual((told["message_bytes"], told["window"]), (2048, 8))
        long = {"id": "u1", "attributes": {"note": "x" * 5000}}
        before.must("session.open", request_id="r1", customer={"id": "u1", "name": "Ann"}, subject="x" * 200)
        with self.assertRaises(Exception, msg="the limit it was told"):
            after.must("session.open", request_id="r2", customer=long)
        self.eventually(lambda: self.closed(before), 10, "silent for more than a second")

    def closed(self, client):
        client.socket.settimeout(0.1)
        try:
            while True:
                if not client.socket.recv(4096):
                    return True
        except TimeoutError:
            return False
        except OSError:
            return True

    def test_a_log_that_was_moved_away_is_begun_anew(self):
        log = os.path.join(self.daemon.folder, "log.txt")
        self.rewrite(("level: warn", "level: info"))
        self.eventually(lambda: self.logged("dispatch_reloaded"))
        os.rename(log, log + ".1")
        before = os.path.getsize(log + ".1")
        self.daemon.process.send_signal(signal.SIGHUP)
        self.eventually(lambda: os.path.exists(log) and self.logged("dispatch_reloaded"))
        self.assertEqual(os.path.getsize(log + ".1"), before)

    def test_a_mistake_in_the_options_changes_none_of_them(self):
        self.rewrite(("workers: {routers: 1}", "workers: {routers: 1}\nlimits: {window: 8, depht: 9}"))
        self.eventually(lambda: self.logged("options_not_reloaded"))
        self.assertEqual(self.hello()[1]["window"], 256)

    def test_another_dispatch_file_is_taken_up(self):
        with open(os.path.join(self.daemon.folder, "other.yaml"), "w", encoding="utf-8") as out:
            out.write(self.dispatch + "  - {id: chen, name: Chen, groups: [general], "
                      f"token_sha256: {token_of('chen')}}}\n")
        self.rewrite(("dispatch: dispatch.yaml", "dispatch: other.yaml"), ("level: warn", "level: info"))
        self.eventually(lambda: self.logged("dispatch_reloaded"))
        self.daemon.agent("chen")


if __name__ == "__main__":
    unittest.main(verbosity=2)
