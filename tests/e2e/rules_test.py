"""The configuration changed under a running daemon, by switchboardctl, as an administrator does it."""
import json
import os
import pwd
import signal
import subprocess
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

CTL = os.environ.get("SWITCHBOARDCTL", "")


def dispatch_to(group, extra=""):
    return ("groups:\n  - {id: vip, name: Vip}\n  - {id: general, name: General}\n"
            f"rules:\n  - {{name: everyone, steps: [{{group: {group}}}]}}\n" + extra + channels_yaml("app") +
            agents_yaml({"lin": (["vip"], 5), "chen": (["general"], 5)}))


class Rules(DaemonCase):
    dispatch = dispatch_to("vip")

    def ctl(self, *words, ok=True):
        """The data of the answer, or its error."""
        done = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", *words],
                              capture_output=True, text=True, timeout=30)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["ok"], ok, answer)
        return answer["data"] if ok else answer["error"]

    def text(self, *words):
        done = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), *words],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def file(self, name, text):
        path = os.path.join(self.daemon.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def open(self, app, who):
        return app.must("session.open", request_id=who, customer={"id": who})["session_id"]

    def group_of(self, session):
        return self.ctl("session", session)["group"]

    def test_check_diff_apply_history_and_rollback(self):
        app = self.daemon.channel()
        waiting = self.open(app, "u1")
        self.eventually(lambda: self.group_of(waiting) == "vip")
        new = self.file("new.yaml", dispatch_to("general"))
        self.assertEqual(self.ctl("rules", "check", new)["advice"], [])
        diff = self.ctl("rules", "diff", new)
        self.assertEqual((diff["waiting"], diff["would_move"]), (1, 1))
        self.assertIn("1 waiting session would move:", self.text("rules", "diff", new))
        self.assertEqual(self.ctl("rules", "apply", new, "--reason", "the vip desk moves")["version"], 2)
        self.assertEqual(self.group_of(waiting), "vip")
        later = self.open(app, "u2")
        self.eventually(lambda: self.group_of(later) == "general")
        back = self.ctl("rules", "rollback", "1", "--reevaluate")
        self.assertEqual(back["version"], 3)
        self.eventually(lambda: self.group_of(later) == "vip")
        history = self.ctl("rules", "history")["versions"]
        self.assertEqual([v["version"] for v in history], [3, 2, 1])
        self.assertEqual(history[1]["comment"], "the vip desk moves")
        self.assertEqual(self.text("rules", "show", "2"), dispatch_to("general"))

    def test_a_bad_file_is_named_by_line_and_changes_nothing(self):
        bad = self.file("bad.yaml", dispatch_to("nowhere"))
        error = self.ctl("rules", "apply", bad, ok=False)
        self.assertEqual(error["code"], "invalid_argument")
        self.assertIn("bad.yaml:5: rules[0].steps[0].group: ", error["message"])
        self.assertEqual(self.ctl("rules", "history")["active"], 1)

    def words_of(self, *words):
        """(exit code, what is read on both streams)."""
        done = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), *words],
                              capture_output=True, text=True, timeout=30)
        return done.returncode, done.stdout + done.stderr

    def test_every_mistake_is_said_once_and_nothing_follows_it(self):
        bad = self.file("bad.yaml", dispatch_to("nowhere"))
        for words in (("rules", "check", bad), ("rules", "apply", bad), ("rules", "diff", bad)):
            code, said = self.words_of(*words)
            self.assertEqual((code, said.count("rules[0].steps[0].group: ")), (1, 1), said)
            self.assertNotRegex(said, r"(?m)^\d+$")

    def test_history_names_the_user_of_the_local_socket(self):
        self.ctl("rules", "set", "agents.lin.capacity", "2")
        self.assertEqual(self.ctl("rules", "history")["versions"][0]["by"], pwd.getpwuid(os.getuid()).pw_name)

    def test_an_account_removed_while_its_line_is_open_finishes_what_it_serves(self):
        app, lin = self.daemon.channel(), self.daemon.agent("lin")
        served = self.open(app, "u1")
        lin.wait_event(served, "assigned")
        without = self.file("without.yaml", dispatch_to("general").replace("  - {id: lin", "  - {id: mei"))
        self.ctl("rules", "apply", without)
        self.assertIsNone(lin.say(served, "m1", "one moment")[0])
        self.assertEqual(lin.must("agent.snapshot")["reason"], "the account is removed")
        self.refused("failed_precondition", lin.call("agent.state", state="online"))
        lin.must("session.close", session_id=served)
        self.eventually(lambda: self.ctl("session", served)["state"] == "closed")
        with self.assertRaises(OSError, msg="the line ends with the last session"):
            while True:
                lin.call("agent.snapshot")

    def test_a_restart_keeps_what_was_applied_and_takes_a_file_that_was_changed_and_has_it(self):
        self.ctl("rules", "set", "agents.lin.capacity", "2")
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.ctl("rules", "history")["active"], 2)
        lin = [a for a in self.ctl("agents")["agents"] if a["id"] == "lin"][0]
        self.assertEqual(lin["capacity"], 2)
        self.daemon.kill()
        self.file("dispatch.yaml", dispatch_to("general").replace("groups: [vip], capacity: 5", "groups: [vip], capacity: 2"))
        self.daemon.start()
        active = self.ctl("rules", "history")["versions"][0]
        self.assertEqual((active["version"], active["by"]), (3, "file"))

    def test_sighup_applies_the_file(self):
        self.file("dispatch.yaml", dispatch_to("general"))
        self.daemon.process.send_signal(signal.SIGHUP)
        self.eventually(lambda: self.ctl("rules", "history")["active"] == 2)
        self.file("dispatch.yaml", "groups: [")
        self.daemon.process.send_signal(signal.SIGHUP)
        self.file("dispatch.yaml", dispatch_to("vip"))
        self.daemon.process.send_signal(signal.SIGHUP)
        self.eventually(lambda: self.ctl("rules", "history")["active"] == 3)

    def test_a_word_lists_file_is_found_beside_the_dispatch_file_and_read_again(self):
        with_words = dispatch_to("general", "word_lists: [{id: fraud, action: block, file: fraud.txt}]\n")
        missing = self.file("missing.yaml", with_words)
        self.assertIn('"fraud.txt" cannot be read', self.ctl("rules", "apply", missing, ok=False)["message"])
        self.file("fraud.txt", "scam\n")
        self.assertEqual(self.ctl("rules", "check", missing)["rules"], 1, "from the file's folder, not from ours")
        self.assertEqual(self.ctl("rules", "diff", missing)["changes"][-1], "word list fraud: added")
        self.assertEqual(self.ctl("rules", "apply", missing)["version"], 2)
        app = self.daemon.channel()
        session = self.open(app, "u1")
        self.refused("invalid_argument", app.say(session, "m1", "a scam"))
        self.assertIsNone(app.say(session, "m2", "a swindle")[0])
        self.file("fraud.txt", "scam\nswindle\n")
        self.assertEqual(self.ctl("rules", "diff", missing)["changes"], ["word list fraud: changed"])
        self.assertEqual(self.ctl("rules", "apply", missing)["version"], 3, "the same text, other words")
        self.assertFalse(self.ctl("rules", "apply", missing)["applied"])
        self.refused("invalid_argument", app.say(session, "m3", "a swindle"))
        self.daemon.kill()
        self.daemon.start()
        self.refused("invalid_argument", self.daemon.channel().say(session, "m4", "a swindle"))

    def test_a_shift_leader_can_ask_why_and_act(self):
        app = self.daemon.channel()
        session = self.open(app, "u1")
        self.eventually(lambda: self.group_of(session) == "vip")
        why = self.text("why", session)
        self.assertIn('rule "everyone" of version 1', why)
        self.assertIn("lin is not online", why)
        self.assertIn("lin", self.ctl("why", session)["queues"][0]["rejected"][0]["agent"])
        self.ctl("bump", session, "--reason", "an old friend")
        self.assertIn("bumped", self.text("why", session))
        lin, chen = self.daemon.agent("lin"), self.daemon.agent("chen")
        lin.wait_event(session, "assigned")
        for target in (("--agent", "nobody"), ("--group", "nowhere")):
            self.assertEqual(self.ctl("agent", "move", "lin", *target, "--reason", "x", ok=False)["code"], "not_found")
        self.assertEqual(self.ctl("agent", "move", "lin", "--agent", "lin", "--reason", "x", ok=False)["code"], "invalid_argument")
        moved = self.ctl("agent", "move", "lin", "--group", "general", "--reason", "goes home")
        self.assertEqual((moved["sessions"], moved["asked"]), (1, 1))
        chen.wait_event(session, "assigned")
        self.ctl("agent", "state", "chen", "away", "--reason", "lunch")
        state = [a for a in self.ctl("agents")["agents"] if a["id"] == "chen"][0]
        self.assertEqual((state["state"], state["reason"]), ("away", "lunch"))
        self.ctl("group", "close", "vip", "--reason", "fire drill")
        late = self.open(app, "u2")
        self.eventually(lambda: self.ctl("session", late)["state"] == "left_message")
        self.eventually(lambda: len(self.ctl("messages")["messages"]) == 1)
        self.ctl("group", "open", "vip")
        self.assertEqual(self.ctl("group", "close", "nowhere", "--reason", "x", ok=False)["code"], "not_found")


if __name__ == "__main__":
    unittest.main(verbosity=2)
