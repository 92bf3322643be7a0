"""How the daemon starts: what it waits for, what it leaves alone when it cannot, whom it tells."""
import json
import os
import signal
import socket
import subprocess
import unittest

from daemon_fixture import DAEMON, Daemon, DaemonCase, agents_yaml, channels_yaml

CTL = os.environ.get("SWITCHBOARDCTL", "")


class Start(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5)}))

    def setUp(self):
        self.daemon = Daemon(self.dispatch, self.options)
        self.addCleanup(self.daemon.remove)

    def path(self, name):
        return os.path.join(self.daemon.folder, name)

    def rewrite(self, name, before, after):
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(before, text)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text.replace(before, after))

    def run_to_end(self, *words):
        return subprocess.run([DAEMON, *words], capture_output=True, text=True, timeout=30)

    def versions(self):
        done = subprocess.run([CTL, "--socket", self.path("control.sock"), "-o", "json", "rules", "history"],
                              capture_output=True, text=True, timeout=30)
        return [v["version"] for v in json.loads(done.stdout)["data"]["versions"]]

    def test_a_start_that_finds_its_port_taken_leaves_no_version_and_no_store_behind(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.rewrite("daemon.yaml", "port: 0}\njournal", f"port: {port}}}\njournal")
            failed = self.run_to_end("--config", self.path("daemon.yaml"))
            self.assertEqual(failed.returncode, 1, failed.stderr)
            self.assertIn(f"cannot listen on 127.0.0.1:{port}", failed.stderr)
            self.assertFalse(os.path.exists(self.path("data")))
        self.daemon.start().kill()
        self.rewrite("dispatch.yaml", "capacity: 5", "capacity: 6")
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen()
            self.assertEqual(self.run_to_end("--config", self.path("daemon.yaml")).returncode, 1)
        self.rewrite("dispatch.yaml", "capacity: 6", "capacity: 5")
        self.daemon.start()
        self.assertEqual(self.versions(), [1])

    def test_a_reload_asked_for_while_it_starts_ends_nothing_and_is_done_once_it_is_ready(self):
        options, text = self.path("daemon.yaml"), self.path("options.yaml")
        os.rename(options, text)
        os.mkfifo(options)
        self.daemon.process = subprocess.Popen([DAEMON, "--config", options], stdout=subprocess.PIPE, text=True)
        with open(options, "w", encoding="utf-8") as pipe:  # it has begun to read
            self.daemon.process.send_signal(signal.SIGHUP)
            with open(text, encoding="utf-8") as file:
                pipe.write(file.read())
            os.rename(text, options)
            self.rewrite("dispatch.yaml", "capacity: 5", "capacity: 6")
        line = self.daemon.process.stdout.readline()
        self.assertTrue(line.startswith("ready "), line)
        self.daemon.port = json.loads(line[6:])["channel"]["port"]
        self.eventually(lambda: self.daemon.agent("lin").must("agent.snapshot")["capacity"] == 6)

    def test_the_service_manager_is_told_when_it_takes_work_and_when_it_stops(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(self.path("notify.sock"))
            manager.settimeout(10)
            os.environ["NOTIFY_SOCKET"] = self.path("notify.sock")
            self.addCleanup(os.environ.pop, "NOTIFY_SOCKET")
            self.daemon.start()
            self.assertEqual(manager.recv(100), b"READY=1")
            self.assertEqual(self.daemon.terminate(), 0)
            self.assertEqual(manager.recv(100), b"STOPPING=1")

    def test_a_wrong_command_line_ends_with_2_and_one_line(self):
        for words, said in ((("--config", "x.yaml", "--colour"), "--colour"), (("--check-config",), "--check-config"),
                            (("--config", self.path("daemon.yaml"), "--set", "limits.windw=3"), "limits.windw")):
            done = self.run_to_end(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(self.run_to_end("--help").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
