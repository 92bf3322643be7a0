"""Accounts and skill groups made, changed and ended while the daemon runs; log-in by token and by password."""
import json
import os
import subprocess
import time
import unittest

from daemon_fixture import Client, DaemonCase, agents_yaml, channels_yaml, token_of

CTL = os.environ.get("SWITCHBOARDCTL", "")
SECRET = "correct horse battery"


class AccountCase(DaemonCase):
    def ctl(self, *words, ok=True, stdin=None):
        """The data of the answer, or its error."""
        done = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", *words],
                              capture_output=True, text=True, timeout=30, input=stdin)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["ok"], ok, answer)
        return answer["data"] if ok else answer["error"]

    def text(self, *words, stdin=None):
        done = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), *words],
                              capture_output=True, text=True, timeout=30, input=stdin)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return done.stdout

    def open(self, app, who, intent=""):
        return app.must("session.open", request_id=who, customer={"id": who}, intent=intent)["session_id"]

    def session(self, session):
        return self.ctl("session", session)

    def waits_in(self, session, group):
        self.eventually(lambda: self.session(session)["group"] == group and self.session(session)["state"] == "waiting",
                        message=f"waits in {self.session(session)['group']}")

    def log_in(self, name, **proof):
        client = Client(self.daemon.port)
        failure, result = client.call("hello", role="agent", id=name, protocol=1, **proof)
        return (client, None) if failure is None else (None, failure)

    def must_log_in(self, name, **proof):
        client, failure = self.log_in(name, **proof)
        self.assertIsNone(failure)
        return client

    def active(self):
        return self.ctl("rules", "history")["active"]


class Accounts(AccountCase):
    options = "log: {level: debug, file: daemon.log}\n"
    dispatch = ("# who answers\ngroups:\n  - {id: vip, name: Vip}\n  - {id: general, name: General}\n"
                "rules:\n  - {name: vip, when: 'request.intent == \"vip\"', steps: [{group: vip}]}\n"
                "  - {name: everyone, steps: [{group: general}]}\n"
                "session: {away_reasons: [lunch, training]}\n" + channels_yaml("app") +
                # Who never comes: a group without anybody that rules name is refused.
                agents_yaml({"lin": (["general"], 5), "xu": ([], 2, "supervisor"), "abe": (["vip", "general"], 1)}) +
                f"  - {{id: sun, role: admin, token_sha256: {token_of('sun')}}}\n")

    def create_zhou(self):
        sun = self.daemon.agent("sun", state=None)
        made = sun.must("account.create", id="zhou", why="starts on Monday",
                        fields={"name": "周: 一", "groups": ["vip"], "skills": {"english": 3}, "capacity": 2})
        self.assertEqual((made["id"], made["version"], made["applied"]), ("zhou", 2, True))
        return sun

    def test_an_account_made_live_logs_in_by_token_and_by_password_and_serves(self):
        sun = self.create_zhou()
        self.refused("already_exists", sun.call("account.create", id="zhou", fields={}))
        self.assertEqual(self.log_in("zhou", token="")[1]["code"], "unauthenticated")
        token = sun.must("account.new_token", id="zhou")["token"]
        self.assertEqual(len(token), 32)
        sun.must("account.set_password", id="zhou", password=SECRET)
        self.must_log_in("zhou", token=token).close()
        zhou = self.must_log_in("zhou", password=SECRET)
        zhou.must("agent.state", state="online")
        session = self.open(self.daemon.channel(), "u1", "vip")
        self.assertEqual(zhou.wait_event(session, "assigned")["assigned"]["agent"]["name"], "周: 一")
        self.assertIsNone(zhou.say(session, "m1", "hello")[0])
        listed = sun.must("account.list", after="xu", limit=10)["accounts"]
        self.assertEqual(listed, [{"id": "zhou", "name": "周: 一", "role": "agent", "team": "", "groups": ["vip"],
                                   "skills": {"english": 3}, "capacity": 2, "disabled": False, "token": True, "password": True}])
        page = sun.must("account.list", limit=2)
        self.assertEqual(([a["id"] for a in page["accounts"]], page["more"], page["next"]), (["abe", "lin"], True, "lin"))

    def test_an_account_lives_on_after_kill_9(self):
        sun = self.create_zhou()
        token = sun.must("account.new_token", id="zhou")["token"]
        sun.must("account.set_password", id="zhou", password=SECRET)
        self.daemon.kill()
        self.daemon.start()
        self.must_log_in("zhou", token=token)
        self.must_log_in("zhou", password=SECRET)
        self.assertIn("# who answers", self.text("rules", "show"))

    def test_a_new_token_leaves_the_old_one_for_a_while_or_ends_it_at_once(self):
        sun = self.create_zhou()
        one = sun.must("account.new_token", id="zhou")["token"]
        two = sun.must("account.new_token", id="zhou", overlap_ms=60_000)["token"]
        for token in (one, two):
            self.must_log_in("zhou", token=token).close()
        three = sun.must("account.new_token", id="zhou", overlap_ms=0)["token"]
        self.must_log_in("zhou", token=three).close()
        for token in (one, two):
            self.assertEqual(self.log_in("zhou", token=token)[1]["code"], "unauthenticated")
        four = sun.must("account.new_token", id="zhou", overlap_ms=1_000)["token"]
        self.eventually(lambda: self.log_in("zhou", token=three)[1])
        self.must_log_in("zhou", token=four).close()

    def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(self):
        sun = self.create_zhou()
        sun.must("account.set_password", id="zhou", password=SECRET)
        answers = [self.log_in(name, password="not this one")[1] for name in ("zhou", "nobody", "lin")]
        self.assertEqual(answers[0], {"code": "unauthenticated", "message": "id and password do not belong together"})
        self.assertEqual(answers, answers[:1] * 3)
        self.assertEqual(self.log_in("zhou", password=SECRET, token="x")[1]["field"], "password")
        channel = Client(self.daemon.port)
        self.assertEqual(channel.call("hello", role="channel", id="app", password=SECRET, protocol=1)[0]["field"], "password")

    def test_a_failed_log_in_is_in_the_log_and_names_no_one_unknown(self):
        for name, proof in (("lin", {"token": "wrong"}), ("lin", {"password": "wrong word"}), ("hunter2 typed here", {"token": "x"})):
            self.log_in(name, **proof)
        def logged():
            with open(os.path.join(self.daemon.folder, "daemon.log"), encoding="utf-8") as log:
                return [line.split("login_failed ")[1].strip() for line in log if "login_failed" in line]

        self.eventually(lambda: len(logged()) == 3)
        self.assertEqual(logged(), ["role=agent account=lin why=token", "role=agent account=lin why=password",
                                 "role=agent account=unknown why=token"])

    def test_nothing_is_served_while_the_password_is_checked(self):
        sun = self.create_zhou()
        sun.must("account.set_password", id="zhou", password=SECRET)
        client = Client(self.daemon.port)
        client.send("hello", role="agent", id="zhou", password=SECRET, protocol=1)
        early = client.send("agent.snapshot")
        again = client.send("hello", role="agent", id="zhou", password=SECRET, protocol=1)
        answers = {}
        while len(answers) < 3:
            message = client.receive()
            answers[message[1]] = message
        self.assertIsNone(answers[1][2])
        self.assertEqual(answers[early][2]["code"], "unauthenticated")
        self.assertEqual(answers[again][2]["code"], "failed_precondition")
        self.assertEqual(client.must("agent.snapshot")["state"], "offline")

    def test_guessing_is_slowed_down_for_known_and_unknown_accounts_alike(self):
        sun = self.create_zhou()
        sun.must("account.set_password", id="zhou", password=SECRET)
        for name in ("zhou", "nobody"):
            answers = [self.log_in(name, password=f"guess {i:05}")[1] for i in range(6)]
            self.assertEqual([a["code"] for a in answers], ["unauthenticated"] * 5 + ["resource_exhausted"])
            self.assertTrue(0 < answers[5]["retry_after_ms"] <= 1_000, answers[5])
        # Also the right one waits, and then it is right.
        self.eventually(lambda: self.log_in("zhou", password=SECRET)[0])
        self.must_log_in("zhou", password=SECRET)

    def guess_until_refused(self, name):
        while self.log_in(name, password="not this one")[1]["code"] != "resource_exhausted":
            pass

    def test_a_known_device_is_not_shut_out_by_others_who_guess_and_is_one_until_the_password_changes(self):
        sun = self.create_zhou()
        sun.must("account.set_password", id="zhou", password=SECRET)
        first = Client(self.daemon.port).must("hello", role="agent", id="zhou", password=SECRET, protocol=1)
        self.assertGreater(first["device_token_until"], time.time() * 1000 + 80 * 86_400_000)
        self.guess_until_refused("zhou")
        self.assertEqual(self.log_in("zhou", password=SECRET)[1]["code"], "resource_exhausted", "it is guessed from here")
        self.must_log_in("zhou", password=SECRET, device_token=first["device_token"])
        self.assertEqual(self.log_in("zhou", password="not this one", device_token=first["device_token"])[1]["code"], "unauthenticated")
        self.assertEqual(self.log_in("zhou", token=token_of("zhou"), device_token="x")[1]["field"], "device_token")
        sun.must("account.set_password", id="zhou", password=SECRET + "!")
        self.guess_until_refused("zhou")
        self.assertEqual(self.log_in("zhou", password=SECRET + "!", device_token=first["device_token"])[1]["code"], "resource_exhausted")

    def test_many_connections_that_guess_do_not_shut_out_a_log_in_from_elsewhere(self):
        sun = self.create_zhou()
        sun.must("account.set_password", id="zhou", password=SECRET)
        guessing = []
        for i in range(50):
            guessing.append(Client(self.daemon.port, source=f"127.0.0.{i + 9}"))
            guessing[-1].send("hello", role="agent", id=f"a{i}", password="not this one", protocol=1)
        self.must_log_in("zhou", password=SECRET)

    def test_wrong_guesses_from_50_addresses_do_not_shut_out_the_owner_of_the_account(self):
        sun = self.create_zhou()
        sun.must("account.set_password", id="zhou", password=SECRET)
        self.must_log_in("zhou", password=SECRET).close()
        for i in range(52):
            Client(self.daemon.port, source=f"127.0.1.{i + 1}").call("hello", role="agent", id="zhou", password="not this one", protocol=1)
        failure, _ = Client(self.daemon.port, source="127.0.2.1").call("hello", role="agent", id="zhou", password="not this one", protocol=1)
        self.assertEqual(failure["code"], "resource_exhausted")
        self.must_log_in("zhou", password=SECRET)

    def test_whoever_is_disabled_finishes_gets_nothing_new_and_cannot_log_in(self):
        sun = self.create_zhou()
        sun.must("account.update", id="zhou", fields={"role": "admin"})
        token = sun.must("account.new_token", id="zhou")["token"]
        sun.must("account.set_password", id="zhou", password=SECRET)
        zhou, app = self.must_log_in("zhou", token=token), self.daemon.channel()
        zhou.must("agent.state", state="online")
        served = self.open(app, "u1", "vip")
        zhou.wait_event(served, "assigned")
        done = sun.must("account.disable", id="zhou", why="left us")
        self.assertTrue(done["applied"])
        self.assertFalse(sun.must("account.disable", id="zhou")["applied"])
        waits = self.open(app, "u2", "vip")
        self.waits_in(waits, "vip")
        for proof in ({"token": token}, {"password": SECRET}):
            self.assertEqual(self.log_in("zhou", **proof)[1]["code"], "unauthenticated")
        self.assertIsNone(zhou.say(served, "m1", "one moment")[0], "what is being served is finished")
        self.refused("failed_precondition", zhou.call("agent.state", state="online"))
        self.refused("permission_denied", zhou.call("account.enable", id="zhou"))
        self.assertEqual(zhou.must("agent.snapshot")["reason"], "the account is disabled")
        zhou.must("session.close", session_id=served)
        self.eventually(lambda: self.is_closed(zhou), message="the line ends with the last session")
        listed = {a["id"]: a["disabled"] for a in sun.must("account.list")["accounts"]}
        self.assertEqual(listed, {"abe": False, "lin": False, "sun": False, "xu": False, "zhou": True})
        self.assertEqual(self.session(waits)["state"], "waiting")
        sun.must("account.enable", id="zhou")
        zhou = self.must_log_in("zhou", password=SECRET)
        zhou.must("agent.state", state="online")
        zhou.wait_event(waits, "assigned")

    def is_closed(self, client):
        try:
            client.call("agent.snapshot")
            return False
        except (ConnectionError, OSError):
            return True

    def test_a_disabled_account_stays_disabled_after_kill_9_and_its_session_is_served_by_others(self):
        sun = self.create_zhou()
        token = sun.must("account.new_token", id="zhou")["token"]
        zhou, app = self.must_log_in("zhou", token=token), self.daemon.channel()
        zhou.must("agent.state", state="online")
        served = self.open(app, "u1", "vip")
        zhou.wait_event(served, "assigned")
        sun.must("account.disable", id="zhou")
        self.daemon.kill()
        self.daemon.start()
        self.waits_in(served, "vip")
        self.assertEqual(self.log_in("zhou", token=token)[1]["code"], "unauthenticated")
        sun = self.daemon.agent("sun", state=None)
        sun.must("account.update", id="lin", fields={"groups": ["vip", "general"]})
        self.daemon.agent("lin").wait_event(served, "assigned")

    def test_every_change_is_a_version_and_no_rollback_takes_an_account(self):
        sun = self.create_zhou()
        sun.must("account.update", id="zhou", fields={"capacity": 7})
        self.assertEqual(self.refused("aborted", sun.call("account.update", id="zhou", fields={"capacity": 9},
                                                          expected_version=2))["version"], 3)
        history = self.ctl("rules", "history")["versions"]
        self.assertEqual([(v["by"], v["comment"]) for v in history[:2]],
                         [("sun", "account zhou: changed"), ("sun", "account zhou: created: starts on Monday")])
        self.assertFalse(self.ctl("rules", "rollback", "1")["applied"], "the text was the same")
        self.ctl("rules", "set", "agents.lin.capacity", "9")
        self.ctl("rules", "rollback", "1")
        self.assertEqual(self.ctl("accounts", "--after", "xu")["accounts"][0]["capacity"], 7)
        self.assertEqual(self.text("rules", "show", "2"), self.dispatch)

    def test_what_is_wrong_with_a_field_is_said_by_its_name(self):
        sun = self.create_zhou()
        version = self.active()
        for params, field in (({"id": "zhou", "fields": {"groups": ["vpi"]}}, "fields.groups[0]"),
                              ({"id": "zhou", "fields": {"capacity": 0}}, "fields.capacity"),
                              ({"id": "zhou", "fields": {"colour": "red"}}, "fields.colour"),
                              ({"id": "zhou", "fields": {"id": "z"}}, "fields.id"),
                              ({"id": "zhou", "fields": {"name": b"\xff"}}, "fields"),
                              ({"id": "zhou", "fields": "vip"}, "fields"), ({"id": "zhou"}, "fields"), ({"fields": {}}, "id")):
            self.assertEqual(self.refused("invalid_argument", sun.call("account.update", **params))["field"], field)
        self.refused("not_found", sun.call("account.update", id="nobody", fields={}))
        self.refused("not_found", sun.call("account.set_password", id="nobody", password=SECRET))
        self.assertEqual(self.refused("invalid_argument", sun.call("account.set_password", id="zhou", password="short"))["field"], "password")
        for client in (self.daemon.agent("lin"), self.daemon.agent("xu")):
            self.refused("permission_denied", client.call("account.update", id="lin", fields={"role": "admin"}))
            self.refused("permission_denied", client.call("account.list"))
        self.assertEqual(self.active(), version, "nothing of this changed anything")

    def test_nothing_secret_is_shown_or_kept(self):
        sun = self.create_zhou()
        tokens = [sun.must("account.new_token", id="zhou")["token"] for _ in range(2)]
        sun.must("account.set_password", id="zhou", password=SECRET)
        self.must_log_in("zhou", password=SECRET)
        self.log_in("zhou", password="a wrong secret")
        shown = self.text("rules", "show") + self.text("rules", "history") + json.dumps(sun.must("account.list"))
        self.assertNotIn("$argon2id$", shown)
        shown += self.text("account", "export")
        self.assertIn("$argon2id$v=19$m=19456,t=2,p=1$", shown)
        self.daemon.terminate()
        kept = b""
        for folder, _, files in os.walk(self.daemon.folder):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    kept += file.read()
        self.assertIn(b"daemon_started", kept)
        for secret in (*tokens, SECRET, "a wrong secret"):
            self.assertNotIn(secret, shown)
            self.assertNotIn(secret.encode(), kept)

    def test_time_is_kept_by_state_and_reason_through_kill_9(self):
        lin, sun = self.daemon.agent("lin"), self.daemon.agent("sun", state=None)
        for state, reason in (("away", "lunch"), ("busy", "training")):
            time.sleep(0.02)
            lin.must("agent.state", state=state, reason=reason)
        time.sleep(0.02)
        kinds = lambda times: {(t["state"], t["reason"]) for t in times["times"]}
        self.assertEqual(kinds(lin.must("agent.times")), {("online", ""), ("away", "lunch"), ("busy", "training")})
        self.refused("permission_denied", lin.call("agent.times", agent="xu"))
        self.refused("permission_denied", self.daemon.agent("xu").call("agent.times", agent="lin"))
        self.daemon.kill()
        self.daemon.start()
        sun = self.daemon.agent("sun", state=None)
        times = sun.must("agent.times", agent="lin")
        self.assertTrue({("online", ""), ("away", "lunch"), ("busy", "training")} <= kinds(times), times)
        self.assertEqual(len({d["day"] for d in times["days"]}), len(times["days"]))
        self.assertEqual(sun.must("agent.times", agent="lin", to=1_000)["days"], [])
        self.assertIn("lunch", self.text("agent", "times", "lin", "--days", "2"))

    def test_switchboardctl_does_it_all(self):
        self.assertIn("created; version 2 is active", self.text(
            "account", "create", "wei", "--name", "Wei", "--groups", "vip,general", "--skills", "english=3,java.8=4", "--capacity", "3"))
        self.ctl("account", "update", "wei", "--set", "alerts.new_message=true", "--set", "skills.english=null")
        self.assertEqual(self.ctl("accounts", "--after", "sun")["accounts"][0]["skills"], {"java.8": 4})
        token = self.text("account", "token", "wei", "--overlap", "0").split()[0]
        self.must_log_in("wei", token=token)
        self.ctl("account", "password", "wei", stdin=SECRET + "\n")
        self.must_log_in("wei", password=SECRET)
        self.assertIn("token, password", self.text("accounts"))
        self.ctl("account", "disable", "wei", "--reason", "on leave")
        self.assertRegex(self.text("accounts"), r"wei .*disabled")
        self.ctl("account", "enable", "wei")
        hashed = self.text("hash-password", stdin="another secret\n").strip()
        self.ctl("account", "update", "wei", "--set", "password_hash=" + hashed)
        self.must_log_in("wei", password="another secret")
        self.assertEqual(self.ctl("account", "update", "nobody", ok=False)["code"], "not_found")


class Groups(AccountCase):
    dispatch = ("groups:\n  - {id: a, name: A}\n  - {id: b, name: B}\n  - {id: c, name: C}\n"
                "rules:\n  - {name: a, when: 'request.intent == \"a\"', steps: [{group: a}]}\n"
                "  - {name: late, when: 'request.intent == \"late\"', steps: [{group: c, wait: 1s}, {group: a}]}\n"
                "  - {name: b, steps: [{group: b}]}\n" + channels_yaml("app") +
                agents_yaml({"ann": (["a"], 1), "bob": (["b"], 1), "cai": (["c"], 1)}) +
                f"  - {{id: sun, role: admin, token_sha256: {token_of('sun')}}}\n")

    def test_a_group_made_live_gets_work_by_a_change_of_rules(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        made = sun.must("group.create", id="night", fields={"name": "Night", "offer": {"accept": "manual", "timeout": "30s"}})
        self.assertIn("group night: added", made["changes"])
        sun.must("group.update", id="night", fields={"queue": {"max": 7}, "offer": {"timeout": None}})
        sun.must("account.update", id="cai", fields={"groups": ["c", "night"]})
        self.ctl("rules", "set", "rules.b.steps.0.group", "night")
        session = self.open(app, "u1")
        self.waits_in(session, "night")
        cai = self.daemon.agent("cai")
        offer = cai.wait_for("agent.offer", lambda o: o["session_id"] == session)
        cai.must("agent.accept", offer_id=offer["offer_id"])
        self.assertIn("{queue: {max: 7}, id: night, name: Night, offer: {accept: manual}}", self.text("rules", "show"))

    def waiters(self, app):
        """Two queues filled in turn, one waiter who came to the first by a second step."""
        late = self.open(app, "u0", "late")
        self.waits_in(late, "c")
        sessions = [late]
        for n, intent in enumerate("abab"):
            sessions.append(self.open(app, f"u{n + 1}", intent))
            self.waits_in(sessions[-1], intent)
        self.eventually(lambda: self.session(late)["group"] == "a")
        return sessions

    def served_in_order(self, name, sessions):
        agent = self.daemon.agent(name)
        for session in sessions:
            agent.wait_event(session, "assigned")
            served = [e for m, e in agent.events if m == "session.event" and e["type"] == "assigned"]
            self.assertEqual(served[-1]["session_id"], session)
            agent.must("session.close", session_id=session)

    def test_a_merger_keeps_who_waits_in_the_order_of_their_age(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        sessions = self.waiters(app)
        before = self.active()
        merged = sun.must("group.merge", **{"from": "a", "into": "b", "why": "one desk"})
        self.assertEqual(merged["version"], before + 1, "all of it is one version")
        for session in sessions:
            self.waits_in(session, "b")
        self.assertEqual([g["id"] for g in self.ctl("groups")["groups"] if g["id"] == "a"], [])
        self.served_in_order("ann", sessions)
        self.assertEqual(self.ctl("rules", "history")["versions"][0]["comment"], "group a: merged into b: one desk")
        again = self.open(app, "u9", "a")
        self.waits_in(again, "b")

    def test_a_merger_takes_whom_a_full_queue_would_not(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        sun.must("group.update", id="b", fields={"queue": {"max": 1, "on_full": "refuse"}})
        sessions = [self.open(app, "u1", "b"), self.open(app, "u2", "a")]
        self.waits_in(sessions[1], "a")
        sun.must("group.merge", **{"from": "a", "into": "b"})
        self.waits_in(sessions[1], "b")
        self.served_in_order("bob", sessions)

    def test_a_merger_survives_kill_9(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        sessions = self.waiters(app)
        sun.must("group.merge", **{"from": "a", "into": "b"})
        self.daemon.kill()
        self.daemon.start()
        for session in sessions:
            self.waits_in(session, "b")
        self.served_in_order("bob", sessions)

    def test_whoever_was_sent_there_by_hand_follows_the_merger(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        bob = self.daemon.agent("bob")
        session = self.open(app, "u1")
        bob.wait_event(session, "assigned")
        bob.must("session.transfer", session_id=session, to={"group": "a"}, mode="cold")
        self.waits_in(session, "a")
        bob.must("agent.state", state="away")
        sun.must("group.merge", **{"from": "a", "into": "c"})
        self.waits_in(session, "c")
        self.daemon.agent("cai").wait_event(session, "assigned")

    def test_a_merger_can_be_taken_back(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        before = self.active()
        sun.must("group.merge", **{"from": "a", "into": "b"})
        self.ctl("rules", "rollback", str(before))
        session = self.open(app, "u1", "a")
        self.waits_in(session, "a")
        self.daemon.agent("ann").wait_event(session, "assigned")
        self.assertEqual(self.text("rules", "show"), self.text("rules", "show", str(before)))

    def test_a_group_is_not_retired_while_rules_name_it_unless_they_go_elsewhere(self):
        sun, app = self.daemon.agent("sun", state=None), self.daemon.channel()
        waits = self.open(app, "u1", "a")
        self.waits_in(waits, "a")
        refused = self.refused("failed_precondition", sun.call("group.retire", id="a"))
        self.assertEqual(refused["message"], 'id: rule "a", rule "late" would have no group; give into, or change that first')
        self.refused("not_found", sun.call("group.retire", id="a", into="zz"))
        self.refused("not_found", sun.call("group.merge", **{"from": "zz", "into": "a"}))
        self.assertEqual(self.waits_in(waits, "a"), None)
        self.ctl("group", "retire", "a", "--into", "b")
        self.waits_in(waits, "b")
        self.assertEqual(self.ctl("accounts", "--limit", "1")["accounts"][0]["groups"], [])
        self.ctl("group", "create", "d", "--name", "D", "--set", "queue.max=3")
        self.ctl("group", "update", "d", "--strategy", "best_skill")
        self.assertIn("group d: merged into c", self.text("group", "merge", "d", "--into", "c"))
        self.assertEqual(self.ctl("group", "create", "d", ok=False)["field"], "id", "an old name is taken")


if __name__ == "__main__":
    unittest.main(verbosity=2)
