"""A real switchboardd in a folder of its own, and the clients that talk to it."""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "clients"))
sys.path.insert(0, os.path.join(ROOT, "tools", "examples"))
from plain_client import Client  # noqa: E402

DAEMON = os.environ.get("SWITCHBOARDD", "")


def token_of(name):
    return hashlib.sha256(name.encode()).hexdigest()


class Daemon:
    """Agents' and channels' tokens are their ids."""

    def __init__(self, dispatch, options=""):
        self.folder = tempfile.mkdtemp(prefix="switchboard-e2e-")
        self.process = None
        self.environment = {}
        with open(os.path.join(self.folder, "dispatch.yaml"), "w", encoding="utf-8") as out:
            out.write(dispatch)
        with open(os.path.join(self.folder, "daemon.yaml"), "w", encoding="utf-8") as out:
            centers = "" if "centers:" in options else "centers: {dir: centers}\n"
            out.write("node: e2e\ndata_dir: data\ncontrol_socket: control.sock\ndispatch: dispatch.yaml\n" + centers +
                      "listen:\n  channel: {address: 127.0.0.1, port: 0}\n"
                      "journal: {map_size: 1GiB}\nstate: {map_size: 1GiB}\n"
                      # Several daemons at once: none takes the default port.
                      "metrics: {port: 0}\n" + options)

    def start(self):
        self.process = subprocess.Popen([DAEMON, "--config", os.path.join(self.folder, "daemon.yaml")],
                                        stdout=subprocess.PIPE, text=True, env={**os.environ, **self.environment})
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            raise RuntimeError("switchboardd did not start: " + line)
        ready = json.loads(line[6:])
        self.port = ready["channel"]["port"]
        self.metrics_port = ready["metrics"]["port"]
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def terminate(self):
        """Answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def anonymous_bytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))

    # -- clients

    def connect(self, role, name):
        client = Client(self.port)
        client.must("hello", role=role, id=name, token=name, protocol=1)
        return client

    def channel(self, name="app"):
        return self.connect("channel", name)

    def agent(self, name, state="online"):
        client = self.connect("agent", name)
        if state:
            client.must("agent.state", state=state)
        return client


def agents_yaml(agents):
    """{name: (groups, capacity)} as the configuration has it; (groups, capacity, role) for who is more than an agent."""
    lines = ["agents:"]
    for name, (groups, capacity, *role) in agents.items():
        lines.append(f"  - {{id: {name}, name: {name.title()}, groups: [{', '.join(groups)}], capacity: {capacity}, "
                     f"role: {role[0] if role else 'agent'}, "
                     f"token_sha256: {token_of(name)}}}")
    return "\n".join(lines) + "\n"


def channels_yaml(*names):
    return "channels:\n" + "".join(
        f"  - {{id: {n}, kind: chat, language: en, token_sha256: {token_of(n)}}}\n" for n in names)


class DaemonCase(unittest.TestCase):
    dispatch = ""
    options = ""

    def setUp(self):
        self.daemon = Daemon(self.dispatch, self.options).start()
        self.addCleanup(self.daemon.remove)

    def eventually(self, what, seconds=10, message=""):
        until = time.time() + seconds
        while True:
            answer = what()
            if answer:
                return answer
            if time.time() > until:
                self.fail(message or "it did not happen in time")
            time.sleep(0.02)

    def refused(self, code, answer):
        self.assertIsNotNone(answer[0], f"expected {code}, got {answer[1]}")
        self.assertEqual(answer[0]["code"], code, answer[0])
        return answer[0]

    def events(self, client, session, after=0):
        found = []
        while True:
            page = client.must("session.events", session_id=session, after=after)
            found += page["events"]
            if not page["more"]:
                return found
            after = page["events"][-1]["seq"]

    def of_type(self, events, kind):
        return [e[kind] for e in events if e["type"] == kind]
