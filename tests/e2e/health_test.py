"""The pages about the daemon's own health: true codes, and nobody who holds them up."""
import http.client
import json
import os
import socket
import time
import unittest

from daemon_fixture import DAEMON, Daemon, DaemonCase, agents_yaml, channels_yaml


class Health(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5)}))

    def setUp(self):
        super().setUp()
        self.port = self.daemon.metrics_port

    def get(self, path, method="GET"):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        line.request(method, path)
        answer = line.getresponse()
        body = answer.read().decode()
        line.close()
        return answer.status, body

    def test_a_daemon_that_takes_work_is_alive_and_ready(self):
        self.assertEqual(self.get("/healthz"), (200, "ok\n"))
        self.assertEqual(self.get("/readyz"), (200, "ready\n"))
        status, page = self.get("/metrics")
        self.assertEqual(status, 200)
        self.assertIn("switchboard_takes_work 1", page)
        self.assertIn('switchboard_sessions{state="waiting"} 0', page)
        self.assertIn("switchboard_output_bytes", page)
        self.assertEqual(self.get("/")[0], 404)
        self.assertEqual(self.get("/metrics", "POST")[0], 405)

    def test_silent_connections_do_not_hold_up_the_next_look(self):
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(100)]
        began = time.time()
        for _ in range(5):
            self.assertEqual(self.get("/healthz")[0], 200)
            self.assertEqual(self.get("/metrics")[0], 200)
        self.assertLess(time.time() - began, 3)
        for s in silent:
            s.close()


class NotReady(unittest.TestCase):
    def test_a_daemon_that_takes_no_work_says_so_and_why(self):
        daemon = Daemon(Health.dispatch, "journal: {map_size: 16MiB, admission_percent: 10}\nstate: {map_size: 1GiB}\n")
        self.addCleanup(daemon.remove)
        with open(os.path.join(daemon.folder, "daemon.yaml"), encoding="utf-8") as file:
            text = file.read().replace("journal: {map_size: 1GiB}\nstate: {map_size: 1GiB}\n", "", 1)
        with open(os.path.join(daemon.folder, "daemon.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
        daemon.start()
        channel = daemon.channel()
        for i in range(3000):
            failed, _ = channel.call("session.open", request_id=f"r{i}", customer={"id": f"c{i}"}, subject="x" * 400)
            if failed:
                break
        self.assertEqual(failed["code"], "resource_exhausted")
        line = http.client.HTTPConnection("127.0.0.1", daemon.metrics_port, timeout=5)
        line.request("GET", "/readyz")
        answer = line.getresponse()
        self.assertEqual(answer.status, 503)
        self.assertRegex(answer.read().decode(), r"not ready: .*(journal|state)")
        line.request("GET", "/healthz")
        self.assertEqual(line.getresponse().status, 200)


if __name__ == "__main__":
    unittest.main()
