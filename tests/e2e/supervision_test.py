"""Supervisors: only in their teams, always on record. And every method of the wire, tried by every role."""
import os
import re
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

DISPATCH = """
groups:
  - {id: general, name: General}
  - {id: other, name: Other}
rules:
  - {name: other, when: 'request.intent == "other"', steps: [{group: other}]}
  - {name: everyone, steps: [{group: general}]}
teams:
  - {id: shop, name: Shop, leaders: [boss]}
  - {id: hz, name: Hangzhou, parent: shop, leaders: [qian], members: [lin]}
  - {id: cd, name: Chengdu, parent: shop, members: [wang, xu]}
""" + channels_yaml("app") + agents_yaml({
    "lin": (["general"], 2), "wang": (["other"], 2), "qian": ([], 1, "leader"), "xu": ([], 1, "supervisor"),
    "boss": ([], 1, "leader"), "root": ([], 1, "admin")})

METHODS_OF_LEADERS = ("session.monitor", "session.barge", "session.takeover")


class Supervision(DaemonCase):
    dispatch = DISPATCH

    def served(self, agent="lin", **more):
        app, owner = self.daemon.channel(), self.daemon.agent(agent)
        session = app.must("session.open", request_id="r1", customer={"id": "u-" + agent, "name": "Ann"}, **more)["session_id"]
        owner.wait_event(session, "assigned")
        return app, owner, session

    def test_a_leader_watches_the_sessions_of_the_team_and_no_other_s(self):
        app, lin, session = self.served()
        qian, xu = self.daemon.agent("qian", state=None), self.daemon.agent("xu", state=None)
        for method in METHODS_OF_LEADERS:
            self.refused("permission_denied", xu.call(method, session_id=session))
            self.refused("permission_denied", lin.call(method, session_id=session))
        self.refused("permission_denied", qian.call("session.events", session_id=session, after=0))
        qian.must("session.monitor", session_id=session)
        app.say(session, "m1", "hello")
        qian.wait_event(session, "message", lambda m: m["body"]["text"] == "hello")
        self.assertEqual(self.of_type(self.events(lin, session), "joined")[0]["as"], "monitor")
        self.assertNotIn("joined", [e["type"] for e in self.events(app, session)])
        self.refused("permission_denied", qian.say(session, "q1", "hello customer"))
        self.assertEqual(qian.must("agent.snapshot")["used"], 0)
        qian.must("session.leave", session_id=session)
        app.say(session, "m2", "after")
        self.assertFalse(any("after" in str(e) for _, e in qian.events))

    def test_a_supervisor_of_the_member_s_team_and_an_admin_may_too(self):
        app, wang, session = self.served("wang", intent="other")
        for name in ("xu", "boss", "root"):
            client = self.daemon.agent(name, state=None)
            client.must("session.monitor", session_id=session)
        self.refused("permission_denied", self.daemon.agent("qian", state=None).call("session.monitor", session_id=session))

    def test_what_is_whispered_reaches_the_agent_and_not_the_customer(self):
        app, lin, session = self.served()
        app.must("session.subscribe", session_id=session, after=0)
        qian = self.daemon.agent("qian", state=None)
        first = qian.must("session.whisper", session_id=session, client_msg_id="w1", type="text", body={"text": "offer a refund"})
        self.assertEqual(qian.must("session.whisper", session_id=session, client_msg_id="w1", type="text", body={"text": "offer a refund"}), first)
        lin.wait_event(session, "whispered", lambda w: w["from"] == {"role": "supervisor", "id": "qian", "name": "Qian"})
        self.assertEqual(self.of_type(self.events(lin, session), "joined")[0]["who"]["id"], "qian")
        lin.must("session.whisper", session_id=session, client_msg_id="w2", type="text", body={"text": "thanks"})
        qian.wait_event(session, "whispered", lambda w: w["body"]["text"] == "thanks")
        self.assertNotIn("refund", str(self.events(app, session)) + str(app.events))

    def test_a_supervisor_who_barges_in_is_heard_and_seen_and_the_agent_still_owns(self):
        app, lin, session = self.served()
        qian = self.daemon.agent("qian", state=None)
        qian.must("session.barge", session_id=session)
        qian.must("session.send", session_id=session, client_msg_id="q1", type="text", body={"text": "I am the leader"})
        said = self.of_type(self.events(app, session), "message")[-1]
        self.assertEqual(said["from"]["role"], "supervisor")
        self.assertEqual(self.of_type(self.events(app, session), "joined")[0]["as"], "barge")
        lin.must("session.send", session_id=session, client_msg_id="l1", type="text", body={"text": "as she says"})
        qian.must("session.monitor", session_id=session)
        self.assertEqual(self.of_type(self.events(app, session), "left")[0]["who"]["id"], "qian")
        self.refused("permission_denied", qian.say(session, "q2", "still?"))

    def test_a_supervisor_takes_over_with_room_of_their_own_and_never_beyond_it(self):
        app, lin, session = self.served()
        qian = self.daemon.agent("qian", state=None)
        refused = self.refused("failed_precondition", qian.call("session.takeover", session_id=session))
        self.assertIn("offline", refused["message"])
        qian.must("agent.state", state="busy")
        qian.must("session.takeover", session_id=session, op_id="o1")
        qian.must("session.takeover", session_id=session, op_id="o1")
        qian.must("session.send", session_id=session, client_msg_id="q1", type="text", body={"text": "now me"})
        self.refused("permission_denied", lin.say(session, "l1", "still me?"))
        handed = self.of_type(self.events(app, session), "transferred")[0]
        self.assertEqual((handed["mode"], handed["by"]["id"]), ("takeover", "qian"))
        self.eventually(lambda: lin.must("agent.snapshot")["used"] == 0)
        second = app.must("session.open", request_id="r2", customer={"id": "u9"})["session_id"]
        lin.wait_event(second, "assigned")
        self.assertIn("room: 0 of 1", self.refused("failed_precondition", qian.call("session.takeover", session_id=second))["message"])

    def test_who_watches_is_out_when_the_session_goes_to_another_team(self):
        app, lin, session = self.served()
        qian, wang = self.daemon.agent("qian", state=None), self.daemon.agent("wang")
        qian.must("session.monitor", session_id=session)
        lin.must("session.transfer", session_id=session, to={"agent": "wang"})
        wang.wait_event(session, "assigned")
        self.eventually(lambda: any(l["who"]["id"] == "qian" for l in self.of_type(self.events(wang, session), "left")))
        self.refused("permission_denied", qian.call("session.monitor", session_id=session))

    def test_a_supervisor_who_goes_away_no_longer_watches(self):
        app, lin, session = self.served()
        qian = self.daemon.agent("qian", state=None)
        qian.must("session.monitor", session_id=session)
        qian.close()
        self.eventually(lambda: self.of_type(self.events(lin, session), "left"))

    def test_a_leader_reads_what_is_over_in_the_team_and_hands_on_what_goes_on(self):
        app, lin, session = self.served()
        qian, wang = self.daemon.agent("qian", state=None), self.daemon.agent("wang")
        qian.must("session.transfer", session_id=session, to={"agent": "wang"})
        wang.wait_event(session, "assigned")
        wang.must("session.close", session_id=session)
        self.refused("permission_denied", qian.call("session.events", session_id=session, after=0))
        boss = self.daemon.agent("boss", state=None)
        self.assertIn("closed", [e["type"] for e in self.events(boss, session)])

    def test_the_teams_somebody_leads_are_listed(self):
        names = {n: [t["id"] for t in self.daemon.agent(n, state=None).must("team.list")["teams"]]
                 for n in ("qian", "xu", "boss", "root")}
        self.assertEqual(names, {"qian": ["hz"], "xu": ["cd"], "boss": ["shop", "hz", "cd"], "root": ["shop", "hz", "cd"]})

    def matrix(self):
        """The rights table as its unit test has it: {method: {role: may call at all}}."""
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "unit", "access", "rights_test.cpp")
        with open(path, encoding="utf-8") as source:
            rows = re.findall(r'\{"([a-z_.]+)", "([^"]+)", "([^"]+)", "([^"]+)", "([^"]+)", "([^"]+)", "([^"]+)"\}', source.read())
        return {r[0]: dict(zip(("customer", "agent", "leader", "supervisor", "admin", "console"), (x != "-" for x in r[1:]))) for r in rows}

    def test_every_method_is_refused_to_the_roles_without_the_right_and_to_no_other(self):
        clients = {"customer": self.daemon.channel(), "agent": self.daemon.agent("lin", state=None),
                   "leader": self.daemon.agent("qian", state=None), "supervisor": self.daemon.agent("xu", state=None),
                   "admin": self.daemon.agent("root", state=None)}
        matrix = self.matrix()
        self.assertGreater(len(matrix), 40)
        for method, rights in matrix.items():
            for role, client in clients.items():
                with self.subTest(method=method, role=role):
                    error, _ = client.call(method)
                    barred = error is not None and error["message"].endswith("is not for this role")
                    self.assertEqual(barred, not rights[role], error)
                    self.assertNotEqual((error or {}).get("code"), "unimplemented", "the door has no such method")


if __name__ == "__main__":
    unittest.main(verbosity=2)
