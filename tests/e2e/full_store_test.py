"""A store without room: refused in words, nothing lost, reads go on, and a larger map is all it takes. What is erased is in no
file, what is past its time leaves, what is damaged is said."""
import glob
import json
import os
import subprocess
import time
import unittest

from daemon_fixture import Daemon, DaemonCase, agents_yaml, channels_yaml, token_of

CTL = os.environ.get("SWITCHBOARDCTL", "")
DISPATCH = ("groups:\n  - {id: general, name: General}\n"
            "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
            agents_yaml({"lin": (["general"], 50)}) +
            f"  - {{id: root, name: Root, groups: [general], capacity: 5, role: admin, token_sha256: {token_of('root')}}}\n")


class StoreCase(DaemonCase):
    dispatch = DISPATCH
    maps = ""

    def setUp(self):
        self.daemon = Daemon(self.dispatch, self.options)
        self.addCleanup(self.daemon.remove)
        if self.maps:
            self.set_maps(self.maps)
        self.daemon.start()

    def set_maps(self, maps):
        path = os.path.join(self.daemon.folder, "daemon.yaml")
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith(("journal:", "state:"))]
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(lines) + maps)

    def restart(self, maps=""):
        self.assertEqual(self.daemon.terminate(), 0)
        if maps:
            self.set_maps(maps)
        self.daemon.start()

    def ctl(self, *words, code=0):
        run = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", *words],
                             capture_output=True, text=True, timeout=240)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return json.loads(run.stdout).get("data") if code == 0 else run.stdout + run.stderr

    def store_status(self):
        return self.ctl("status")["store"]

    def talk(self, channel, customer, text="hello", name=""):
        session = channel.must("session.open", request_id=f"r{customer}", customer={"id": customer, "name": name or customer},
                               message={"client_msg_id": f"m{customer}", "type": "text", "body": {"text": text}})["session_id"]
        self.eventually(lambda: self.of_type(self.events(channel, session), "assigned"))
        return session


class NearlyFull(StoreCase):
    maps = "journal: {map_size: 64MiB}\nstate: {map_size: 16MiB}\n"

    def fill(self, agent, most=40_000):
        """Updates until one is refused; answers the reason and how many were taken."""
        for n in range(most):
            error, _ = agent.call("customer.update", customer_id="c:app:u1", fields={"name": f"{n} " + "x" * 240})
            if error:
                self.assertEqual(error["code"], "resource_exhausted", error)
                return error["message"], n
        self.fail("nothing was refused")

    def test_updates_fill_the_state_until_they_are_refused_and_the_daemon_goes_on_and_starts_again(self):
        app, lin = self.daemon.channel(), self.daemon.agent("lin")
        session = self.talk(app, "u1")
        reason, taken = self.fill(lin)
        self.assertIn("map_size", reason + self.ctl("status")["journal"]["reason"])
        self.assertGreater(taken, 100)
        # What reads and what frees is taken, what begins is not.
        self.assertTrue(self.events(app, session))
        error, _ = app.call("session.open", request_id="r9", customer={"id": "u9"})
        self.refused("resource_exhausted", (error, None))
        status = self.store_status()
        self.assertIn(status["takes"], ("what frees", "what is under way"))
        self.assertEqual(status["state"]["limit"], 16 << 20)
        self.assertIsNone(status["state"]["days_to_full"])
        app.must("session.close", session_id=session)
        name = lin.must("customer.get", customer_id="c:app:u1")["profile"]["name"]
        # The same after a kill: it starts, reads, and says so.
        self.daemon.kill()
        self.daemon.start()
        lin = self.daemon.agent("lin", state="")
        self.assertEqual(lin.must("customer.get", customer_id="c:app:u1")["profile"]["name"], name)
        error, _ = lin.call("customer.update", customer_id="c:app:u1", fields={"name": "more"})
        if error:
            self.refused("resource_exhausted", (error, None))
        # With a larger map everything goes on.
        self.restart("journal: {map_size: 1GiB}\nstate: {map_size: 1GiB}\n")
        lin = self.daemon.agent("lin")
        self.eventually(lambda: self.store_status()["takes"] == "everything")
        lin.must("customer.update", customer_id="c:app:u1", fields={"name": "Ann"})
        self.assertEqual(lin.must("customer.get", customer_id="c:app:u1")["profile"]["name"]["value"], "Ann")


class Traces(StoreCase):
    def files(self):
        return [f for f in glob.glob(os.path.join(self.daemon.folder, "data", "**"), recursive=True) if os.path.isfile(f)]

    def where(self, *words):
        found = []
        for path in self.files():
            with open(path, "rb") as file:
                data = file.read()
            found += [(os.path.relpath(path, self.daemon.folder), w) for w in words if w.encode() in data]
        return found

    def test_names_numbers_and_texts_of_who_is_erased_are_in_no_file_after_the_next_start(self):
        app, lin = self.daemon.channel(), self.daemon.agent("lin")
        secrets = ["Xaverius Quill", "19955501234", "zebra-crossing-text", "quill@example.org", "a note about quill", "vip-quill"]
        session = app.must("session.open", request_id="rq", page="/quill-page",
                           customer={"id": "uq", "name": secrets[0], "phone": secrets[1], "email": secrets[3]},
                           message={"client_msg_id": "mq", "type": "text", "body": {"text": secrets[2] * 400}})["session_id"]
        self.eventually(lambda: self.of_type(self.events(app, session), "assigned"))
        lin.must("session.note", session_id=session, body={"text": secrets[4] * 100}, op_id="n1")
        lin.must("customer.update", customer_id="c:app:uq", fields={"name": secrets[0] + " II"}, op_id="o1")
        lin.must("customer.tag", customer_id="c:app:uq", add=[secrets[5]], op_id="o2")
        lin.must("lead.create", customer_id="c:app:uq", fields={"title": "lead of quill"}, op_id="o3")
        app.must("session.close", session_id=session)
        for n in range(30):
            app.must("session.close", session_id=self.talk(app, f"other{n}", "kept words"))
        self.eventually(lambda: self.where(secrets[0]))
        self.ctl("customer", "erase", "c:app:uq", "--yes")
        self.restart()
        self.assertEqual(self.where(*secrets, "/quill-page", "lead of quill"), [])
        self.assertTrue(self.where("kept words"), "what is not erased is there")
        for path in self.files():
            self.assertEqual(os.stat(path).st_mode & 0o027, 0, path)

    def test_a_damaged_state_is_named_and_half_of_it_made_anew(self):
        app = self.daemon.channel()
        lin = self.daemon.agent("lin")
        session = self.talk(app, "u1", "w" * 3000)
        lin.must("agent.snapshot")
        self.eventually(lambda: self.where("w" * 3000))
        self.assertEqual(self.daemon.terminate(), 0)
        path = os.path.join(self.daemon.folder, "data/store/state/data.mdb")
        with open(path, "r+b") as file:
            data = file.read()
            at = data.find(b"w" * 1000)
            while at >= 0:
                file.seek(at + 7)
                file.write(b"v")
                at = data.find(b"w" * 1000, at + 4000)
        self.daemon.start()
        app = self.daemon.channel()
        error, _ = app.call("session.events", session_id=session, after=0)
        self.refused("internal", (error, None))
        self.assertGreater(self.store_status()["damaged_values"], 0)
        self.ctl("backup", os.path.join(self.daemon.folder, "copy"), code=1)
        self.assertEqual(self.daemon.terminate(), 0)
        os.truncate(path, os.path.getsize(path) // 2)
        self.daemon.start()
        app = self.daemon.channel()
        self.assertTrue(self.events(app, session), "the journal had everything")
        self.assertEqual(self.store_status()["damaged_values"], 0)

    def test_half_a_journal_ends_the_start_with_a_word_and_no_signal(self):
        self.daemon.channel()
        self.assertEqual(self.daemon.terminate(), 0)
        path = os.path.join(self.daemon.folder, "data/store/journal/data.mdb")
        os.truncate(path, 9000)
        with self.assertRaises(RuntimeError):
            self.daemon.start()
        self.assertEqual(self.daemon.process.wait(timeout=10), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
