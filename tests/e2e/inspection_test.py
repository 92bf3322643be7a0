"""What an administrator sees of a running daemon: top, doctor, find, actor, latency. Counts are true, and no customer's word is among them."""
import json
import os
import subprocess
import time
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

CTL = os.environ.get("SWITCHBOARDCTL", "")
CANARY_NAME, CANARY_PHONE, CANARY_TEXT = "Canaria Quill", "13911112222", "canary-sentence-7"


class Inspection(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n  - {id: vip, name: 会员专席}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5), "xu": (["vip"], 2)}))

    def run_ctl(self, *words):
        return subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), *words], capture_output=True, text=True, timeout=30)

    def ctl(self, *words, rc=0):
        done = self.run_ctl("-o", "json", *words)
        self.assertEqual(done.returncode, rc, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def open(self, channel, n=1):
        sessions = []
        for i in range(n):
            sessions.append(channel.must("session.open", request_id=f"r{i}", customer={"id": f"u{i}", "name": CANARY_NAME, "phone": CANARY_PHONE[:-1] + str(i % 10)},
                                         message={"client_msg_id": f"m{i}", "type": "text", "body": {"text": CANARY_TEXT}})["session_id"])
        return sessions

    def handled(self, kind, message):
        rows = self.ctl("top", "-1")["data"]["activity"]["messages"]
        return sum(r["handled"] for r in rows if r["kind"] == kind and r["message"] == message)

    def test_each_message_is_counted_once(self):
        channel = self.daemon.channel()
        before = self.handled("session", "send_message")
        session = self.open(channel)[0]
        for i in range(250):
            channel.must("session.send", session_id=session, client_msg_id=f"x{i}", type="text", body={"text": "hello"})
        self.assertEqual(self.handled("session", "send_message") - before, 250)
        self.assertEqual(self.ctl("actor", "session:" + session)["data"]["actor"]["waiting"], 0)

    def test_doctor_fails_where_people_wait_and_nobody_is_online(self):
        self.assertEqual(self.ctl("doctor")["data"]["need_a_hand"], 0)
        self.open(self.daemon.channel(), 2)
        self.eventually(lambda: self.ctl("groups")["data"]["groups"][0]["waiting"] == 2)
        answer = self.ctl("doctor", rc=1)
        first = answer["error"]["details"]["checks"][0] if "details" in answer["error"] else answer["error"]["checks"][0]
        self.assertIn(first["check"], ("waiting with nobody online", "agents on duty"))
        self.assertIn("FAIL  waiting with nobody online  general: 2 wait", self.run_ctl("doctor").stdout)

    def test_find_says_what_a_key_is(self):
        session = self.open(self.daemon.channel())[0]
        for key in (session, session[:12]):
            self.assertEqual(self.ctl("find", key)["data"]["found"][0]["key"], session)
        self.assertEqual(self.ctl("find", "lin")["data"]["found"][0]["what"], "agent")
        self.assertEqual(self.ctl("find", "会员专席")["data"]["found"][0]["key"], "vip")
        self.eventually(lambda: self.run_ctl("find", CANARY_PHONE[:-1] + "0").returncode == 0)
        self.assertEqual(self.ctl("find", "nobody", rc=1)["error"]["code"], "not_found")

    def test_an_actor_shows_what_it_is_and_an_unknown_one_is_said_so(self):
        self.assertEqual(self.ctl("actor", "group:vip")["data"]["status"]["name"], "会员专席")
        self.assertEqual(self.ctl("actor", "agent:nobody", rc=1)["error"]["code"], "not_found")
        self.assertEqual(self.ctl("actor", "ghost:x", rc=1)["error"]["code"], "invalid_argument")
        self.run_ctl("actor", "lin")
        self.assertEqual(self.run_ctl("actor", "lin").returncode, 2)

    def test_nobody_reads_a_customer_in_what_the_inspection_shows(self):
        channel = self.daemon.channel()
        session = self.open(channel, 20)[0]
        deadline = time.time() + 3
        while time.time() < deadline:
            channel.must("session.typing", session_id=session)
            seen = "".join(self.run_ctl(*words).stdout for words in (
                ["top", "-1"], ["top", "-1", "--columns", "160", "--rows", "45"], ["latency"], ["tree"], ["actors"],
                ["-o", "json", "top", "-1"], ["-o", "json", "actors"], ["doctor"]))
            for word in (CANARY_NAME, CANARY_PHONE[:-1], CANARY_TEXT):
                self.assertNotIn(word, seen)

    def test_an_agent_may_not_look_inside(self):
        lin = self.daemon.agent("lin")
        self.refused("permission_denied", lin.call("admin.activity"))
        self.refused("permission_denied", lin.call("admin.actor", kind="agent", key="lin"))


if __name__ == "__main__":
    unittest.main()
