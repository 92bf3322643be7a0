"""A backup of a running daemon, and a daemon started from it."""
import json
import os
import shutil
import subprocess
import threading
import unittest

from daemon_fixture import Daemon, DaemonCase, agents_yaml, channels_yaml

CTL = os.environ.get("SWITCHBOARDCTL", "")


class Backup(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5)}))

    def ctl(self, *words, code=0):
        run = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", *words],
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        answer = json.loads(run.stdout)
        return answer["data"] if code == 0 else answer["error"]

    def import_member(self):
        path = os.path.join(self.daemon.folder, "members.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("member_id,name,phone\nM1,Ann,13800000001\n")
        subprocess.run([CTL, "center", "import", "member", path, "--dir", os.path.join(self.daemon.folder, "centers")],
                       check=True, stdout=subprocess.DEVNULL)

    def served_with_a_file(self):
        app = self.daemon.channel()
        session = app.must("session.open", request_id="r1", customer={"id": "u1", "name": "Ann"},
                           message={"client_msg_id": "m0", "type": "text", "body": {"text": "hello"}})["session_id"]
        self.eventually(lambda: self.of_type(self.events(app, session), "assigned"))
        file = app.must("attachment.begin", session_id=session, name="a.txt", type="file", size=7)["attachment_id"]
        app.must("attachment.chunk", attachment_id=file, offset=0, data=b"content")
        app.must("attachment.finish", attachment_id=file)
        app.must("session.send", session_id=session, client_msg_id="m1", type="file", body={"attachment_id": file})
        return app, session, file

    def test_a_damaged_file_is_named_by_the_backup_and_not_read_as_if_it_were_whole(self):
        lin = self.daemon.agent("lin")
        app, session, file = self.served_with_a_file()
        objects = os.path.join(self.daemon.folder, "data", "attachments", "objects")
        path = next(os.path.join(folder, files[0]) for folder, _, files in os.walk(objects) if files)
        with open(path, "r+b") as out:
            out.write(b"C")
        self.assertIn("damaged", self.ctl("backup", os.path.join(self.daemon.folder, "copies", "changed"), code=1)["message"])
        with open(path, "r+b") as out:
            out.truncate(3)
        error, _ = app.call("attachment.read", attachment_id=file, offset=0)
        self.assertEqual(error["code"], "internal")
        del lin

    def test_a_backup_does_not_pass_over_what_a_start_had_to_put_aside(self):
        lin = self.daemon.agent("lin")
        self.served_with_a_file()
        self.assertEqual(self.daemon.terminate(), 0)
        with open(os.path.join(self.daemon.folder, "data", "attachments", "index", "data.mdb"), "r+b") as out:
            out.truncate(100)
        self.daemon.start()
        place = os.path.join(self.daemon.folder, "copies", "without")
        self.assertIn("index.damaged was put aside", self.ctl("backup", place, code=1)["message"])
        self.assertFalse(os.path.exists(place), "nothing that looks like a backup")
        del lin

    def test_a_daemon_started_on_the_copy_has_sessions_files_and_centers(self):
        self.import_member()
        lin = self.daemon.agent("lin")
        app, session, file = self.served_with_a_file()
        place = os.path.join(self.daemon.folder, "copies", "monday")
        # Work goes on meanwhile, and what was acknowledged before the backup began is in it.
        over = threading.Event()

        def talk():
            client, n = self.daemon.channel(), 0
            while not over.is_set():
                n += 1
                client.must("session.send", session_id=session, client_msg_id=f"t{n}", type="text", body={"text": "more"})

        talker = threading.Thread(target=talk)
        talker.start()
        try:
            done = self.ctl("backup", place)
        finally:
            over.set()
            talker.join()
        self.assertGreater(done["position"], 3)
        self.assertEqual(sorted(os.listdir(place)), ["attachments", "backup.json", "centers", "store"])
        self.assertEqual(self.ctl("backup", place, code=1)["message"], f"dir: {place} is not an empty directory")
        app.must("session.send", session_id=session, client_msg_id="late", type="text", body={"text": "after the backup"})

        copy = Daemon(self.dispatch)
        self.addCleanup(copy.remove)
        os.mkdir(os.path.join(copy.folder, "data"))
        for part, to in (("store", "data/store"), ("attachments", "data/attachments"), ("centers", "centers")):
            shutil.move(os.path.join(place, part), os.path.join(copy.folder, to))
        self.daemon.kill()
        copy.start()
        app = copy.channel()
        texts = [m["body"].get("text") for m in self.of_type(self.events(app, session), "message")]
        self.assertEqual(texts[0], "hello")
        self.assertNotIn("after the backup", texts)
        self.assertEqual(app.must("attachment.read", attachment_id=file)["data"], b"content")
        lin = copy.agent("lin")
        app.must("session.send", session_id=session, client_msg_id="on", type="text", body={"text": "it goes on"})
        second = app.must("session.open", request_id="r2", customer={"id": "u2", "phone": "13800000001"})["session_id"]
        found = self.eventually(lambda: self.of_type(self.events(app, second), "identified"))[0]
        self.assertEqual(found["member"]["id"], "M1")
        self.assertTrue(lin)

    def test_a_place_that_cannot_be_used_is_refused_by_name(self):
        self.assertIn("dir: /proc/backup", self.ctl("backup", "/proc/backup", code=1)["message"])
        place = os.path.join(self.daemon.folder, "taken")
        with open(place, "w", encoding="utf-8") as out:
            out.write("x")
        self.assertEqual(self.ctl("backup", place, code=1)["message"], f"dir: {place} is not an empty directory")


if __name__ == "__main__":
    unittest.main(verbosity=2)
