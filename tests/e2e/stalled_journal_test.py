"""A disk that does not answer: everybody is told so in words and in time, what is durable can be read, and nothing is done twice
when it goes on."""
import os
import time
import unittest

from daemon_fixture import Client, Daemon, DaemonCase, agents_yaml, channels_yaml

# After so long a commit counts as stalled; an answer may take a second more.
MARK = 5
IN_TIME = MARK + 1

DISPATCH = ("groups:\n  - {id: general, name: General}\n"
            "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
            agents_yaml({"lin": (["general"], 50), "chen": (["general"], 1), "sun": ([], 9, "admin")}))


class StalledJournal(DaemonCase):
    dispatch = DISPATCH

    def setUp(self):
        self.daemon = Daemon(self.dispatch, self.options)
        self.addCleanup(self.daemon.remove)
        self.mark = os.path.join(self.daemon.folder, "stalled")
        preload, self.daemon.environment = os.environ["STALLED_DISK_LIBRARY"], {"STALLED_DISK": self.mark}
        self.daemon.environment.update(LD_PRELOAD=preload, ASAN_OPTIONS="verify_asan_link_order=0")
        self.daemon.start()
        self.app, self.lin, self.sun = self.daemon.channel(), self.daemon.agent("lin"), self.daemon.agent("sun", None)
        self.session = self.app.must("session.open", request_id="r1", customer={"id": "u1", "name": "Kim"}, message=self.said("m1"))["session_id"]
        self.lin.wait_event(self.session, "assigned")
        self.app.must("session.subscribe", session_id=self.session, after=0)
        self.eventually(lambda: (self.sun.call("customer.get", customer_id="c:app:u1")[1] or {}).get("identities"))

    @staticmethod
    def said(key):
        return {"client_msg_id": key, "type": "text", "body": {"text": "hello " + key}}

    def stall(self):
        with open(self.mark, "w", encoding="utf-8"):
            self.begun = time.time()

    def go_on(self):
        os.unlink(self.mark)

    def answers(self, client, msgids, seconds):
        """What came within so long of the stall's beginning: {msgid: (error, result)}."""
        got = {}
        while len(got) < len(msgids) and time.time() < self.begun + seconds:
            client.socket.settimeout(max(0.01, self.begun + seconds - time.time()))
            try:
                message = client.receive()
            except TimeoutError:
                break
            finally:
                client.socket.settimeout(20)
            if message[0] == 1:
                got[message[1]] = (message[2], message[3])
            else:
                client.take(message)
        return got

    def told_in_words(self, client, msgids, seconds=IN_TIME):
        got = self.answers(client, msgids, seconds)
        self.assertEqual(set(got), set(msgids), f"no answer within {seconds} s of the stall")
        for failure, result in got.values():
            self.assertIsNotNone(failure, result)
            self.assertEqual(failure["code"], "unavailable", failure)
            self.assertIn("journal", failure["message"])
        return got

    def test_what_was_asked_before_the_mark_is_answered_in_words_by_it_and_is_done_once_when_the_disk_goes_on(self):
        self.stall()
        asked = {
            self.app: [("session.send", dict(session_id=self.session, **self.said("m2"))),
                       ("session.open", dict(request_id="r2", customer={"id": "u2"}))],
            self.lin: [("session.note", dict(session_id=self.session, body={"text": "a note"}, op_id="n")),
                       ("agent.state", dict(state="away", reason="lunch", op_id="s"))],
            self.sun: [("customer.update", dict(customer_id="c:app:u1", fields={"name": "Kym"}, op_id="c")),
                       ("lead.create", dict(customer_id="c:app:u1", fields={"title": "A fridge"}, op_id="l")),
                       ("sales_channel.create", dict(id="a", fields={"name": "A"}, op_id="k")),
                       ("account.create", dict(id="zhou", fields={"name": "Zhou", "groups": ["general"]}, op_id="a"))]}
        sent = {client: [client.send(method, **params) for method, params in calls] for client, calls in asked.items()}
        for client, msgids in sent.items():
            self.told_in_words(client, msgids)
        self.go_on()
        self.eventually(lambda: self.app.call("session.read", session_id=self.session, message_seq=0)[0] is None)
        first = {client: [client.must(method, **params) for method, params in calls] for client, calls in asked.items()}
        again = {client: [client.must(method, **params) for method, params in calls] for client, calls in asked.items()}
        for client in asked:
            for one, other in zip(first[client], again[client]):
                # Where a session stands may have moved on.
                moves = ("state", "seq") if "session_id" in one else ()
                self.assertEqual(*({k: v for k, v in answer.items() if k not in moves} for answer in (one, other)))
        events = self.events(self.app, self.session)
        self.assertEqual([e["client_msg_id"] for e in self.of_type(events, "message")].count("m2"), 1)
        self.assertEqual(len(self.of_type(self.events(self.lin, self.session), "note")), 1)
        self.assertEqual(len(self.sun.must("lead.list", customer_id="c:app:u1")["leads"]), 1)
        # Who listens was shown each event once.
        shown = [e["seq"] for m, e in self.app.events if m == "session.event" and e["session_id"] == self.session]
        self.assertEqual(len(shown), len(set(shown)))

    def test_a_call_on_a_fresh_connection_is_answered_while_the_journal_stands_still(self):
        self.stall()
        self.app.send("session.send", session_id=self.session, **self.said("m2"))
        for after in (1, 4.5, 7):
            time.sleep(max(0, self.begun + after - time.time()))
            for role, name in (("channel", "app"), ("agent", "chen"), ("agent", "lin")):
                client = Client(self.daemon.port)
                client.must("hello", role=role, id=name, token=name, protocol=1)
                params = dict(session_id=self.session, **self.said(f"m{after}{name}"))
                method, params = ("session.send", params) if role == "channel" else ("agent.state", dict(state="busy"))
                since, msgid = time.time(), client.send(method, **params)
                self.told_in_words(client, [msgid], max(IN_TIME, since - self.begun + 1))
                client.close()
        self.go_on()

    def test_what_is_durable_is_read_while_the_journal_stands_still(self):
        before = [e["seq"] for e in self.events(self.app, self.session)]
        snapshot = self.lin.must("agent.snapshot")
        history = self.sun.must("customer.get", customer_id="c:app:u1")
        self.stall()
        # What each of them speaks of has something that is not durable.
        lost = [(self.app, self.app.send("session.send", session_id=self.session, **self.said("m2"))),
                (self.app, self.app.send("session.open", request_id="r2", customer={"id": "u2"})),
                (self.sun, self.sun.send("customer.update", customer_id="c:app:u1", fields={"name": "Kym"}))]
        for client in (self.app, self.sun):
            self.told_in_words(client, [m for c, m in lost if c is client])

        def in_time(client, method, **params):
            since = time.time()
            result = client.must(method, **params)
            self.assertLess(time.time() - since, 1, method)
            return result

        self.assertEqual([e["seq"] for e in self.events(self.app, self.session)], before)
        self.assertFalse(in_time(self.app, "session.events", session_id=self.session, after=0)["more"])
        seen = in_time(self.sun, "customer.get", customer_id="c:app:u1")
        self.assertEqual(seen["profile"], history["profile"])
        there = in_time(self.lin, "agent.snapshot")
        self.assertEqual([s["session_id"] for s in there["sessions"]], [s["session_id"] for s in snapshot["sessions"]])
        self.assertEqual(there["state"], "online")
        fresh = self.daemon.agent("lin", None)
        in_time(fresh, "agent.snapshot")
        for method, params in (("agent.times", {}), ("canned.list", {}), ("message.list", {}),
                               ("session.events", dict(session_id=self.session, after=0)),
                               ("session.subscribe", dict(session_id=self.session, after=0))):
            with self.subTest(method=method):
                in_time(fresh, method, **params)
        for method, params in (("campaign.list", {}), ("segment.list", {}), ("admin.rules_show", {}), ("admin.rules_history", {}),
                               ("account.list", {}), ("account.export", {}), ("admin.sessions", {}), ("admin.status", {}),
                               ("customer.search", dict(name="Kim")), ("lead.list", dict(customer_id="c:app:u1")),
                               ("customer.history", dict(customer_id="c:app:u1"))):
            with self.subTest(method=method):
                in_time(self.sun, method, **params)
        error, _ = self.sun.call("customer.get", customer_id="c:app:nobody")
        self.assertEqual(error["code"], "not_found", error)
        self.go_on()
        self.eventually(lambda: self.app.call("session.read", session_id=self.session, message_seq=0)[0] is None)
        self.eventually(lambda: len(self.events(self.app, self.session)) > len(before))
        self.assertEqual(self.sun.must("customer.get", customer_id="c:app:u1")["profile"]["name"]["value"], "Kym")


if __name__ == "__main__":
    unittest.main(verbosity=2)
