"""What whoever has just installed it types first: --version, --help, a misspelt word, a daemon without a file, the demo."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from daemon_fixture import DAEMON, Client

PROGRAMS = ["switchboardd", "switchboardctl", "switchboard-channel", "switchboard-demo", "switchboard-sim", "switchboard-bench"]
FOLDER = os.path.dirname(DAEMON)


def run(program, *words, **how):
    return subprocess.run([os.path.join(FOLDER, program), *words], capture_output=True, text=True, timeout=60, **how)


class Words(unittest.TestCase):
    def test_every_program_says_its_version_and_shows_what_can_be_typed(self):
        for program in PROGRAMS:
            self.assertRegex(run(program, "--version").stdout, rf"^{program} \d+\.\d+\.\d+\n$")
            help = run(program, "--help")
            self.assertEqual((help.returncode, help.stderr), (0, ""))
            self.assertIn("Examples:\n", help.stdout)

    def test_a_misspelt_word_is_answered_with_the_one_perhaps_meant_and_ends_with_2(self):
        for program, words, meant in (("switchboardctl", ["statsu"], "status"), ("switchboardctl", ["account", "crate"], "create"),
                                      ("switchboardd", ["--confg", "x"], "--config"), ("switchboard-channel", ["caht"], "chat"),
                                      ("switchboard-demo", ["--onse"], "--once"), ("switchboard-sim", ["verfy"], "verify"),
                                      ("switchboard-bench", ["chat", "--jsno"], "--json")):
            done = run(program, *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(f"did you mean {meant}?", done.stderr)
            self.assertIn("did you mean", done.stderr.splitlines()[0])
        asked = json.loads(run("switchboardctl", "-o", "json", "statsu").stdout)
        self.assertEqual(asked["error"]["message"], "there is no command \"statsu\"; did you mean status?")


class WithoutAFile(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="switchboard-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {k: v for k, v in os.environ.items() if k not in ("XDG_STATE_HOME", "SWITCHBOARD_SOCKET")}
        self.process = None
        self.addCleanup(self.end)

    def start(self, *words):
        """Answers the port. Any is taken, so that daemons beside this one do not mind."""
        self.errors = open(os.path.join(self.folder, "stderr"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [DAEMON, *words, "--set", "listen.channel.port=0", "--set", "metrics.port=0", "--set", "log.level=error"],
            cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        self.assertTrue(line.startswith("ready "), line + self.said())
        return json.loads(line[6:])["channel"]["port"]

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        if self.process:
            self.process.stdout.close()
            self.errors.close()

    def ctl(self, *words):
        done = run("switchboardctl", "-o", "json", *words, cwd=self.folder, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)["data"]

    def test_an_empty_shop_opens_says_how_to_go_on_and_that_works(self):
        port = self.start()
        shop = os.path.join(self.folder, "switchboard-data")
        self.assertEqual(os.stat(shop).st_mode & 0o777, 0o700)
        # As it was said: ctl finds the socket by itself from here.
        self.ctl("account", "create", "lin", "--groups", "general")
        token = self.ctl("account", "token", "lin")["token"]
        agent = Client(port)
        agent.call("hello", role="agent", id="lin", token=token, protocol=1)
        with open(shop + "/web.token", encoding="utf-8") as file:
            channel = Client(port)
            error, _ = channel.call("hello", role="channel", id="web", token=file.read().strip(), protocol=1)
        self.assertIsNone(error)
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(30), 0)
        said = self.said()
        for words in ("An empty shop is open", shop, "account create lin --groups general", "web.token"):
            self.assertIn(words, said)
        self.end()
        self.start()
        self.assertEqual([a["id"] for a in self.ctl("agents")["agents"]], ["lin"])
        self.end()

    def test_data_lie_where_xdg_state_home_says(self):
        self.environment["XDG_STATE_HOME"] = os.path.join(self.folder, "state")
        self.start()
        self.assertTrue(os.path.exists(os.path.join(self.folder, "state/switchboard/data/store")))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "switchboard-data")))

    def test_a_folder_that_is_somebody_else_s_is_left_alone(self):
        for words, name in (([], "switchboard-data"), (["--demo"], "switchboard-demo-data")):
            os.mkdir(os.path.join(self.folder, name))
            with open(os.path.join(self.folder, name, "letter.txt"), "w", encoding="utf-8") as file:
                file.write("mine")
            done = run("switchboardd", *words, cwd=self.folder, env=self.environment)
            self.assertEqual(done.returncode, 1)
            self.assertIn(os.path.join(self.folder, name) + " holds something", done.stderr)
            self.assertEqual(os.listdir(os.path.join(self.folder, name)), ["letter.txt"])

    def test_the_demo_says_whose_data_it_goes_on_with(self):
        mark = os.path.join(self.folder, "switchboard-demo-data", "demo.state")
        self.start("--demo")
        centers = {c["center"]: c for c in self.ctl("centers")["centers"]}
        self.assertEqual(set(centers), {"member", "tag", "product", "trade"})
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.assertIn("The demo's shop is open", self.said())
        self.assertNotIn("goes on with", self.said())
        self.end()
        self.start("--demo")
        self.assertIn("goes on with the demo that was played in", self.said())
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.end()
        with open(mark, "w", encoding="utf-8") as file:
            file.write("begun")
        self.start("--demo")
        self.assertIn("never filled to the end: they are filled anew", self.said())

    def test_the_service_manager_hears_of_reloads_and_is_fed_while_the_workers_get_on(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(os.path.join(self.folder, "notify.sock"))
            manager.settimeout(20)
            self.environment.update(NOTIFY_SOCKET=os.path.join(self.folder, "notify.sock"), WATCHDOG_USEC="5000000")
            self.start()
            self.assertEqual(manager.recv(100), b"READY=1")
            self.assertEqual(manager.recv(100), b"WATCHDOG=1")
            self.process.send_signal(signal.SIGHUP)
            heard = [manager.recv(100) for _ in range(3)]
            told = [h for h in heard if h != b"WATCHDOG=1"]
            self.assertTrue(re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+", told[0]), heard)
            self.assertIn(b"READY=1", told + [manager.recv(100)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
