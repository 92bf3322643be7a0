"""The dispatch file and what is decided while the daemon runs: nothing acknowledged is lost by either."""
import os
import signal
import unittest

from accounts_test import SECRET, AccountCase
from daemon_fixture import Client, agents_yaml, channels_yaml, token_of


def floor(groups=("vip", "general"), more="", capacity=5, lin="lin"):
    return ("groups:\n" + "".join(f"  - {{id: {g}}}\n" for g in groups) + "rules:\n  - {name: everyone, steps: [{group: general}]}\n" +
            channels_yaml("app") + agents_yaml({"chen": (["general"], capacity), "wei": (["vip", "general"], 1)}) +
            f"  - {{id: lin, groups: [vip], token_sha256: {token_of(lin)}}}\n"
            f"  - {{id: sun, role: admin, token_sha256: {token_of('sun')}}}\n" + more)


class Truth(AccountCase):
    dispatch = floor()
    options = "log: {file: daemon.log}\n"

    def file(self, text, name="dispatch.yaml"):
        path = os.path.join(self.daemon.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def logged(self, event):
        with open(os.path.join(self.daemon.folder, "daemon.log"), encoding="utf-8") as log:
            return [line.split(event, 1)[1].strip() for line in log if f" {event} " in line or line.endswith(f" {event}\n")]

    def reload(self):
        """Until what came of it is in the log."""
        def outcomes():
            return len(self.logged("dispatch_reloaded")) + len(self.logged("dispatch_not_reloaded"))

        before = outcomes()
        self.daemon.process.send_signal(signal.SIGHUP)
        self.eventually(lambda: outcomes() > before)

    def restart(self):
        self.daemon.kill()
        self.daemon.start()

    def groups(self):
        return sorted(g["id"] for g in self.ctl("groups")["groups"])

    def conflicts(self):
        return [d["text"] for d in self.ctl("rules", "conflicts")["differences"]]

    def make_mei(self):
        self.ctl("account", "create", "mei", "--groups", "vip")
        self.ctl("account", "password", "mei", stdin=SECRET + "\n")
        return self.ctl("account", "token", "mei")["token"]

    def test_accounts_and_groups_made_live_outlast_an_edited_and_applied_file_kill_9_and_reload(self):
        edited = self.file(floor(capacity=6))
        self.ctl("rules", "apply", edited)
        token = self.make_mei()
        self.ctl("group", "create", "night")
        for again in (self.restart, self.reload, self.restart):
            again()
            self.must_log_in("mei", token=token).close()
            self.must_log_in("mei", password=SECRET).close()
            self.assertEqual(self.groups(), ["general", "night", "vip"])
            self.assertEqual(self.conflicts(), [])

    def test_a_reload_of_an_unchanged_file_changes_nothing(self):
        token = self.make_mei()
        self.ctl("group", "create", "night")
        self.ctl("rules", "set", "agents.chen.capacity", "9")
        version = self.active()
        self.reload()
        self.file("# another comment\n" + self.dispatch)
        self.reload()
        self.assertEqual(self.active(), version)
        self.must_log_in("mei", token=token)

    def test_a_changed_file_takes_no_account_token_or_password_back(self):
        token = self.make_mei()
        lin = self.ctl("account", "token", "lin", "--overlap", "0")["token"]
        self.ctl("account", "disable", "chen")
        for again in (self.reload, self.restart):
            self.file(floor(capacity=6 if again == self.reload else 7))
            again()
            self.must_log_in("mei", token=token).close()
            self.must_log_in("lin", token=lin).close()
            self.assertEqual(self.log_in("lin", token="lin")[1]["code"], "unauthenticated")
            self.assertEqual(self.log_in("chen", token="chen")[1]["code"], "unauthenticated")
        self.assertEqual(self.ctl("rules", "history")["versions"][0]["by"], "file", "it was taken all the same")

    def test_a_token_written_anew_in_the_file_is_taken(self):
        self.ctl("account", "token", "lin", "--overlap", "0")
        self.file(floor(lin="another"))
        self.reload()
        self.must_log_in("lin", token="another")

    def test_a_rollback_brings_no_password_token_or_disabled_account_back(self):
        first = self.active()
        token = self.make_mei()
        old = self.ctl("account", "token", "lin", "--overlap", "0")["token"]
        self.ctl("rules", "set", "agents.chen.capacity", "9")
        new = self.ctl("account", "token", "lin", "--overlap", "0")["token"]
        self.ctl("account", "password", "mei", stdin="a newer secret\n")
        self.ctl("account", "disable", "chen")
        for version in (first, self.active()):
            self.ctl("rules", "rollback", str(version))
            for again in (lambda: None, self.restart):
                again()
                self.must_log_in("mei", token=token).close()
                self.must_log_in("mei", password="a newer secret").close()
                self.must_log_in("lin", token=new).close()
                for name, proof in (("mei", {"password": SECRET}), ("lin", {"token": old}), ("lin", {"token": "lin"}),
                                    ("chen", {"token": "chen"})):
                    self.assertEqual(self.log_in(name, **proof)[1]["code"], "unauthenticated", (name, proof))
        self.assertIn(f"to={first}", self.logged("configuration_rolled_back")[0])

    def test_a_rollback_brings_no_channel_s_token_back(self):
        self.ctl("rules", "set", "channels.app.token_sha256", token_of("newer"))
        self.ctl("rules", "rollback", "1")
        for token, known in (("newer", True), ("app", False)):
            failure = Client(self.daemon.port).call("hello", role="channel", id="app", token=token, protocol=1)[0]
            self.assertEqual(failure is None, known, token)

    def test_a_file_against_what_was_decided_waits_for_a_person_and_loses_nothing(self):
        self.ctl("group", "create", "night")
        self.ctl("rules", "set", "agents.chen.capacity", "9")
        self.file(floor(capacity=7))
        for again in (self.reload, self.restart):
            again()
            self.assertEqual(self.groups(), ["general", "night", "vip"])
            self.assertEqual(self.conflicts(), ["agent chen: capacity: 7 in the file, 9 as it runs",
                                                "group night: made or changed while running, not in the file"])
            self.assertEqual(self.ctl("status")["configuration_conflicts"], 2)
            self.assertIn("disagree in 2 things", self.text("status"))
            self.assertIn("differences=2", self.logged("configuration_conflict")[-1])
        self.ctl("rules", "keep")
        for again in (lambda: None, self.reload, self.restart):
            again()
            self.assertEqual((self.conflicts(), self.groups()), ([], ["general", "night", "vip"]))
        path = self.file(floor(capacity=8))
        self.reload()
        self.assertNotEqual(self.conflicts(), [])
        self.ctl("rules", "apply", path)
        self.assertEqual((self.conflicts(), self.groups()), ([], ["general", "vip"]))
        self.restart()
        self.assertEqual((self.conflicts(), self.ctl("status")["configuration_conflicts"]), ([], 0))

    def test_a_conflict_ends_when_the_file_is_applied_as_it_has_become_meanwhile(self):
        self.ctl("rules", "set", "agents.chen.capacity", "9")
        self.file(floor(capacity=7))
        self.reload()
        self.assertNotEqual(self.conflicts(), [])
        self.ctl("rules", "apply", self.file(floor(capacity=8)))
        for again in (lambda: None, self.reload, self.restart):
            again()
            self.assertEqual((self.conflicts(), self.ctl("status")["configuration_conflicts"]), ([], 0))

    def test_a_file_that_has_both_is_simply_taken(self):
        self.ctl("group", "create", "night")
        self.file(floor())
        self.file(floor(("vip", "general", "night"), capacity=7))
        self.reload()
        self.assertEqual((self.conflicts(), self.groups()), ([], ["general", "night", "vip"]))
        self.assertEqual({a["id"]: a["capacity"] for a in self.ctl("accounts")["accounts"]}["chen"], 7)

    def test_a_list_of_words_that_is_gone_locks_nobody_in_and_keeps_no_daemon_from_starting(self):
        self.file("badword\n", "words.txt")
        self.ctl("rules", "apply", self.file(floor(more="word_lists: [{id: bad, action: block, from: both, file: words.txt}]\n")))
        os.remove(os.path.join(self.daemon.folder, "words.txt"))
        self.ctl("account", "disable", "chen")
        self.restart()
        self.assertIn("chen", [a["id"] for a in self.ctl("accounts")["accounts"] if a["disabled"]])

    def test_a_file_may_name_accounts_made_live(self):
        token = self.make_mei()
        self.file(floor(more="teams: [{id: hz, members: [mei]}]\n"))
        self.restart()
        self.must_log_in("mei", token=token)
        self.assertEqual({a["id"]: a["team"] for a in self.ctl("accounts")["accounts"]}["mei"], "hz")

    def test_a_merger_and_its_rollback_carry_accounts_made_live_along(self):
        self.make_mei()
        self.ctl("group", "create", "night")
        self.ctl("account", "update", "mei", "--groups", "night")
        before = self.active()
        self.ctl("group", "merge", "night", "--into", "general")
        groups = lambda: {a["id"]: a["groups"] for a in self.ctl("accounts")["accounts"]}["mei"]
        self.assertEqual(groups(), ["general"])
        self.restart()
        self.assertEqual(groups(), ["general"])
        self.ctl("rules", "rollback", str(before))
        self.assertEqual(groups(), ["night"])
        self.assertEqual(self.logged("group_merged")[0].split()[1:3], ["id=night", "into=general"])

    def test_accounts_are_exported_and_imported(self):
        token = self.make_mei()
        exported = self.text("account", "export")
        self.assertNotIn(token, exported)
        self.ctl("account", "password", "mei", stdin="a newer secret\n")
        self.ctl("account", "disable", "lin")
        path = self.file(exported, "accounts.yaml")
        self.ctl("account", "import", path, "--reason", "as it was")
        self.restart()
        self.must_log_in("mei", token=token)
        self.must_log_in("mei", password=SECRET)
        self.must_log_in("lin", token="lin")
        self.assertFalse(self.ctl("account", "import", path)["applied"])
        self.assertEqual(self.text("account", "list"), self.text("accounts"))
        wrong = self.file("agents: [{id: zhou, groups: [vpi]}]\n", "wrong.yaml")
        self.assertIn('account zhou: fields.groups[0]: unknown group "vpi"', self.ctl("account", "import", wrong, ok=False)["message"])

    def test_the_log_names_every_change_and_who_made_it(self):
        user = self.ctl("rules", "history")["active"] and self.ctl("rules", "set", "agents.chen.capacity", "9") and \
            self.ctl("rules", "history")["versions"][0]["by"]
        self.make_mei()
        self.ctl("account", "update", "mei", "--capacity", "3")
        self.ctl("account", "disable", "mei")
        self.ctl("account", "enable", "mei")
        self.ctl("group", "create", "night")
        self.ctl("group", "close", "night", "--reason", "a private matter")
        self.ctl("group", "open", "night")
        self.ctl("group", "retire", "night")
        for event, about in (("configuration_changed", ""), ("account_created", "mei"), ("account_password_changed", "mei"),
                             ("account_token_changed", "mei"), ("account_changed", "mei"), ("account_disabled", "mei"),
                             ("account_enabled", "mei"), ("group_created", "night"), ("group_closed", "night"),
                             ("group_opened", "night"), ("group_retired", "night")):
            lines = self.eventually(lambda e=event: self.logged(e), message=event)
            self.assertIn(f"by={user}", lines[0])
            self.assertIn(about, lines[0])
            self.assertNotIn("private", lines[0])

    def test_a_diff_says_field_by_field_what_changes_and_advice_once(self):
        odd = "rules:\n  - {name: good, when: member.level >= 3, steps: [{group: vip}]}\n" \
              "  - {name: better, when: 'member.level >= 5 && source == \"app\"', steps: [{group: vip}]}\n"
        path = self.file(floor(capacity=6).replace("rules:\n", odd), "new.yaml")
        diff = self.ctl("rules", "diff", path)
        self.assertIn("agent chen: capacity 5 → 6", diff["changes"])
        self.assertEqual(len(diff["advice"]), 1, diff)
        self.assertEqual(self.ctl("rules", "apply", path)["advice"], diff["advice"])
        self.assertEqual(self.ctl("rules", "set", "agents.chen.capacity", "7")["advice"], [], "it is known")
        self.assertEqual(len(self.ctl("rules", "check", path)["advice"]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
