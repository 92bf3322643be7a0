"""What ties somebody to a session or to the daemon ends, and with it all that lived on it: one test for each row of
docs/decisions/0016."""
import os
import re
import time
import unittest

from daemon_fixture import Client, DaemonCase, token_of

DECISION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "decisions",
                        "0016-rights-are-asked-as-long-as-something-lives.md")
SECRET, OTHER_SECRET = "correct horse battery", "incorrect horse battery"

AGENTS = {"lin": ("agent", "hz", "general"), "wang": ("agent", "cd", "general, manual"), "sun": ("agent", "hz", "manual"),
          "qian": ("leader", "hz", "manual"), "boss": ("leader", "", ""), "root": ("admin", "", "")}


def dispatch(agents=None, leaders="qian", channels=("app", "web"), tokens=None, console="console"):
    tokens = tokens or {}
    token = lambda name: token_of(tokens.get(name, name))
    return ("groups:\n  - {id: general, name: General}\n"
            "  - {id: manual, name: Manual, offer: {accept: manual, timeout: 1s}}\n"
            "rules:\n  - {name: manual, when: 'request.intent == \"manual\"', steps: [{group: manual}]}\n"
            "  - {name: everyone, steps: [{group: general}]}\n"
            f"teams:\n  - {{id: shop, leaders: [boss]}}\n  - {{id: hz, parent: shop, leaders: [{leaders}]}}\n  - {{id: cd, parent: shop}}\n"
            "channels:\n" + "".join(f"  - {{id: {c}, token_sha256: {token(c)}}}\n" for c in channels) +
            "alerts: {waiting: {after: 200ms}}\n"
            f"admin_tokens:\n  - {{id: ops, token_sha256: {token_of(console)}}}\n"
            "agents:\n" + "".join(
                f"  - {{id: {n}, name: {n.title()}, groups: [{groups}], capacity: 5, role: {role}, "
                + (f"team: {team}, " if team else "") + f"token_sha256: {token(n)}}}\n"
                for n, (role, team, groups) in (agents or AGENTS).items()))


class Rights(DaemonCase):
    dispatch = dispatch()

    def setUp(self):
        super().setUp()
        self.app = self.daemon.channel()
        self.root = self.daemon.agent("root", state=None)

    def apply(self, **changes):
        self.assertTrue(self.root.must("admin.rules_apply", text=dispatch(**changes))["applied"])

    def without(self, *names):
        return {n: a for n, a in AGENTS.items() if n not in names}

    def open(self, customer="u1", intent=""):
        return self.app.must("session.open", request_id="r-" + customer, customer={"id": customer}, intent=intent)["session_id"]

    def served(self):
        lin = self.daemon.agent("lin")
        session = self.open()
        lin.wait_event(session, "assigned")
        return lin, session

    def offered(self, name="sun"):
        agent = self.daemon.agent(name)
        session = self.open(intent="manual")
        offer = agent.wait_for("agent.offer")["offer_id"]
        agent.must("session.subscribe", session_id=session, after=0)
        return agent, session, offer

    def watched(self, name="qian", method="session.monitor"):
        lin, session = self.served()
        leader = self.daemon.agent(name, state=None)
        leader.must(method, session_id=session)
        self.app.must("session.send", session_id=session, client_msg_id="before", type="text", body={"text": "before"})
        leader.wait_event(session, "message", lambda m: m["body"]["text"] == "before")
        return lin, session, leader

    def accept(self, agent):
        """What is offered to it, as often as it takes."""
        offer = agent.wait_for("agent.offer")["offer_id"]
        agent.must("agent.accept", offer_id=offer)

    def assert_deaf(self, client, session):
        """Hears nothing that is said from now on, and may neither read nor whisper nor speak."""
        self.assertIsNone(self.app.say(session, "secret", "a secret")[0])
        for method, more in (("session.events", {"after": 0}), ("session.subscribe", {"after": 0}),
                             ("session.whisper", {"client_msg_id": "w", "type": "text", "body": {"text": "psst"}}),
                             ("session.send", {"client_msg_id": "s", "type": "text", "body": {"text": "hello"}}),
                             ("session.why", {})):
            self.refused("permission_denied", client.call(method, session_id=session, **more))
        time.sleep(0.2)
        client.call("agent.snapshot")
        self.assertNotIn("a secret", str(client.events))

    def assert_ended(self, client):
        """The daemon has closed the connection."""
        until = time.time() + 10
        client.socket.settimeout(10)
        try:
            while time.time() < until:
                client.take(client.receive())
        except ConnectionError:
            return
        self.fail("the connection was left open")

    def assert_open(self, client, method="agent.snapshot"):
        self.assertIsNone(client.call(method)[0])

    def wait_left(self, lin, session, who):
        lin.wait_event(session, "left", lambda l: l["who"]["id"] == who)

    # -- ties to a session

    def test_ends_offer_declined(self):
        sun, session, offer = self.offered()
        wang = self.daemon.agent("wang")
        sun.must("agent.decline", offer_id=offer)
        self.accept(wang)
        self.assert_deaf(sun, session)

    def test_ends_offer_missed(self):
        sun, session, offer = self.offered()
        wang = self.daemon.agent("wang")
        sun.wait_for("agent.offer_withdrawn", lambda w: w["reason"] == "timeout")
        self.accept(wang)
        self.assert_deaf(sun, session)

    def test_ends_offer_lost(self):
        sun, session, offer = self.offered()
        self.app.must("session.close", session_id=session)
        self.app.call("session.typing", session_id=session)
        self.refused("permission_denied", sun.call("session.subscribe", session_id=session, after=0))

    def test_ends_offer_account_disabled(self):
        self.assertTrue(self.root.must("admin.rules_apply", text=dispatch().replace("timeout: 1s", "timeout: 60s"))["applied"])
        sun, session, offer = self.offered()
        wang = self.daemon.agent("wang")
        self.root.must("account.disable", id="sun")
        self.accept(wang)
        self.assertEqual([e["type"] for e in self.events(wang, session)].count("assigned"), 1)

    def test_ends_offer_to_join_declined(self):
        lin, session = self.served()
        sun = self.daemon.agent("sun")
        lin.must("session.transfer", session_id=session, to={"group": "manual"}, mode="consult")
        offer = sun.wait_for("agent.offer")["offer_id"]
        sun.must("session.subscribe", session_id=session, after=0)
        wang = self.daemon.agent("wang")
        sun.must("agent.decline", offer_id=offer)
        self.accept(wang)
        self.assert_deaf(sun, session)

    def test_ends_conference_left(self):
        lin, session = self.served()
        sun = self.daemon.agent("sun")
        lin.must("session.transfer", session_id=session, to={"agent": "sun"}, mode="conference")
        self.accept(sun)
        sun.must("session.subscribe", session_id=session, after=0)
        sun.must("session.leave", session_id=session)
        self.assert_deaf(sun, session)

    def test_ends_served_before(self):
        """Who handed it on may read on while nobody has it; not what the next one hears."""
        lin, session = self.served()
        lin.must("session.transfer", session_id=session, to={"group": "manual"})
        lin.must("session.subscribe", session_id=session, after=0)
        self.assertIsNone(self.app.say(session, "m1", "anybody?")[0])
        lin.wait_event(session, "message", lambda m: m["body"]["text"] == "anybody?")
        self.accept(self.daemon.agent("wang"))
        self.assert_deaf(lin, session)

    # -- ties by team and role

    def test_ends_team_led_by_another(self):
        lin, session, qian = self.watched()
        self.apply(leaders="boss")
        self.wait_left(lin, session, "qian")
        self.assert_deaf(qian, session)

    def test_ends_agent_moved_between_teams(self):
        lin, session, qian = self.watched(method="session.barge")
        self.apply(agents={**AGENTS, "lin": ("agent", "cd", "general")})
        self.wait_left(lin, session, "qian")
        self.assert_deaf(qian, session)

    def test_ends_role_taken_away(self):
        lin, session, qian = self.watched()
        qian.must("session.subscribe", session_id=session, after=0)
        self.apply(agents={**AGENTS, "qian": ("agent", "hz", "manual")}, leaders="boss")
        self.wait_left(lin, session, "qian")
        self.assert_deaf(qian, session)

    def test_ends_role_taken_away_after_the_session(self):
        lin, session = self.served()
        lin.must("session.close", session_id=session)
        qian = self.daemon.agent("qian", state=None)
        qian.must("session.subscribe", session_id=session, after=0)
        qian.wait_event(session, "closed")
        self.apply(agents={**AGENTS, "qian": ("agent", "hz", "manual")}, leaders="boss")
        self.app.must("session.rate", session_id=session, score=1, comment="a secret")
        time.sleep(0.2)
        self.assert_open(qian)
        self.assertNotIn("rated", [e["type"] for n, e in qian.events if n == "session.event"])

    def test_ends_alerts_of_a_team(self):
        qian = self.daemon.agent("qian", state=None)
        self.open(intent="manual")
        qian.wait_for("agent.alert", lambda a: a["level"] == "leader")
        self.apply(agents={**AGENTS, "qian": ("agent", "hz", "manual")}, leaders="boss")
        qian.wait_for("agent.alert", lambda a: a.get("cleared"))
        self.assertEqual(qian.must("agent.snapshot")["alerts"], [])

    def test_ends_account_disabled(self):
        lin, session, qian = self.watched()
        self.root.must("account.disable", id="qian")
        self.wait_left(lin, session, "qian")
        self.assert_ended(qian)

    def test_ends_account_disabled_while_it_serves(self):
        lin, session, qian = self.watched()
        qian.must("agent.state", state="online")
        own = self.open("u2", intent="manual")
        self.accept(qian)
        self.root.must("account.disable", id="qian")
        self.wait_left(lin, session, "qian")
        self.assertIsNone(qian.say(own, "m1", "one moment")[0], "what it serves it finishes")
        self.assert_deaf(qian, session)

    def test_ends_account_removed(self):
        lin, session, qian = self.watched()
        self.apply(agents=self.without("qian"), leaders="")
        self.wait_left(lin, session, "qian")
        self.assert_ended(qian)

    # -- connections

    def test_ends_channel_removed(self):
        web = self.daemon.channel("web")
        self.apply(channels=("app",))
        self.assert_ended(web)

    def test_ends_channel_with_another_token(self):
        web = self.daemon.channel("web")
        self.apply(tokens={"web": "another"})
        self.assert_ended(web)
        self.assertIsNone(self.app.call("session.open", request_id="r", customer={"id": "u"})[0], "nobody else")

    def console(self):
        console = Client(self.daemon.port)
        console.must("hello", role="admin", id="ops", token="console", protocol=1)
        return console

    def test_ends_console_token_replaced(self):
        console = self.console()
        self.apply(console="another")
        self.assert_ended(console)

    def test_ends_own_console_token_replaced(self):
        """Whoever takes the right from itself still hears that it is done."""
        console = self.console()
        self.assertTrue(console.must("admin.rules_apply", text=dispatch(console="another"))["applied"])
        self.assert_ended(console)

    def test_ends_token_replaced_in_the_file(self):
        wang = self.daemon.agent("wang")
        self.apply(tokens={"wang": "another"})
        self.assert_ended(wang)

    def test_ends_old_token_run_out(self):
        old = self.daemon.agent("wang", state=None)
        token = self.root.must("account.new_token", id="wang", overlap_ms=2_000)["token"]
        new = Client(self.daemon.port)
        new.must("hello", role="agent", id="wang", token=token, protocol=1)
        self.assert_open(old)
        self.assert_ended(old)
        self.assert_open(new)

    def by_password(self, secret=SECRET):
        client = Client(self.daemon.port)
        client.must("hello", role="agent", id="wang", password=secret, protocol=1)
        return client

    def test_ends_password_set_anew(self):
        self.root.must("account.set_password", id="wang", password=SECRET)
        by_token, by_password = self.daemon.agent("wang", state=None), self.by_password()
        self.root.must("account.set_password", id="wang", password=OTHER_SECRET)
        self.assert_ended(by_password)
        self.assert_open(by_token)

    def test_ends_connections_as_is_asked_for(self):
        self.root.must("account.set_password", id="wang", password=SECRET)
        by_token, by_password = self.daemon.agent("wang", state=None), self.by_password()
        self.root.must("account.set_password", id="wang", password=OTHER_SECRET, end_connections=False)
        self.root.must("account.new_token", id="wang", overlap_ms=0, end_connections=False)
        self.assert_open(by_token)
        self.assert_open(by_password)
        self.root.must("account.new_token", id="wang", end_connections=True)
        self.assert_ended(by_token)
        self.assert_ended(by_password)

    # -- all of them

    def test_the_decision_names_what_is_tried_here_and_nothing_else(self):
        with open(DECISION, encoding="utf-8") as text:
            named = re.findall(r"^\| `([a-z_]+)` \|", text.read(), re.M)
        tried = [name[len("test_"):] for name in dir(self) if name.startswith("test_ends_")]
        self.assertEqual(sorted(named), sorted(tried))


if __name__ == "__main__":
    unittest.main(verbosity=2)
