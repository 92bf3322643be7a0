"""Every method that writes keeps its key: said again it answers the same and does nothing, also after kill -9; with anything
else under the key it is refused. The methods are those of the list of methods, so that a new one cannot be forgotten here."""
import json
import os
import re
import subprocess
import time
import unittest

import msgpack

from daemon_fixture import Client, DaemonCase, agents_yaml, channels_yaml

HERE = os.path.dirname(os.path.abspath(__file__))

DISPATCH = """
groups:
  - {id: general, name: General}
  - {id: second, name: Second}
  - {id: vip, name: Vip, offer: {accept: manual, timeout: 60s}}
  - {id: pulled, name: Pulled, offer: {accept: claim}}
  - {id: moved, name: Moved}
  - {id: spare, name: Spare}
  - {id: nobody, name: Nobody}
rules:
  - {name: later, when: 'request.intent == "later"', steps: [{group: general, skip_if: 'true'}, {leave_message: true}]}
  - {name: vip, when: 'request.intent == "vip"', steps: [{group: vip}]}
  - {name: pulled, when: 'request.intent == "pulled"', steps: [{group: pulled}]}
  - {name: moved, when: 'request.intent == "moved"', steps: [{group: moved}]}
  - {name: nobody, when: 'request.intent == "nobody"', steps: [{group: nobody}]}
  - {name: everyone, steps: [{group: general}]}
teams:
  - {id: shop, name: Shop, leaders: [xu], members: [lin, chen]}
mining:
  - {name: lamp, when: "said.exists(t, t.contains('lamp'))", reason: asked for a lamp, lead: {title: A lamp}}
""" + channels_yaml("app") + agents_yaml({
    "lin": (["general"], 60), "chen": (["second"], 60), "vera": (["vip"], 20), "paul": (["pulled"], 9), "mei": (["moved"], 9),
    "nina": (["moved"], 9), "tom": (["spare"], 1), "ghost": (["nobody"], 1), "xu": ([], 9, "supervisor"), "sun": ([], 9, "admin")})

# What its own field says already: what was done is not done again, and the answer says how far it has come.
BY_THEMSELVES = {"attachment.chunk", "attachment.finish", "channel.ack"}
# Not remembered longer than the process lives: what is durable of an erasure must not name who was erased.
NOT_THROUGH_A_RESTART = {"customer.erase"}


def methods_that_write():
    with open(os.path.join(HERE, "..", "..", "actors", "access", "method_list.hpp"), encoding="utf-8") as source:
        rows = re.findall(r"X\((\w+), (\w+), .*, (reads|frees|goes_on|begins), \w+\)", source.read())
    assert len(rows) > 110, rows
    return {f"{family}.{verb}": does for family, verb, does in rows if does != "reads"}


class OpIds(DaemonCase):
    dispatch = DISPATCH
    key = "op_id"

    def setUp(self):
        super().setUp()
        rows = [{"product_id": "P1", "name": "Desk lamp", "price": "39.90", "stock": 7}]
        path = os.path.join(self.daemon.folder, "product.jsonl")
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(json.dumps(r) for r in rows))
        subprocess.run([os.environ["SWITCHBOARDCTL"], "center", "import", "product", path, "--dir",
                        os.path.join(self.daemon.folder, "centers")], check=True, stdout=subprocess.DEVNULL)
        self.said, self.opened = [], 0

    def meet(self):
        """Everybody's connection."""
        self.on = {"app": self.daemon.channel()}
        for name, state in (("lin", "online"), ("chen", "online"), ("paul", "online"), ("mei", "online"), ("tom", "online"),
                            ("vera", None), ("nina", None), ("xu", "busy"), ("sun", None)):
            self.on[name] = self.daemon.agent(name, state)

    # -- what the scenarios need

    def open(self, intent="", **more):
        self.opened += 1
        return self.on["app"].must("session.open", request_id=f"r{self.opened}", customer={"id": f"u{self.opened}"},
                                   intent=intent, **more)["session_id"]

    def served(self, who="lin", intent=""):
        session = self.open(intent)
        self.on[who].wait_event(session, "assigned")
        return session

    def waiting(self, intent):
        session = self.open(intent)
        self.eventually(lambda: self.of_type(self.events(self.on["app"], session), "queued"))
        return session

    def offered(self):
        if not self.on["vera"].must("agent.snapshot")["state"] == "online":
            self.on["vera"].must("agent.state", state="online")
        session = self.open("vip")
        return session, self.on["vera"].wait_for("agent.offer", lambda o: o["session_id"] == session)["offer_id"]

    def left(self):
        session = self.open("later", message={"client_msg_id": "m", "type": "text", "body": {"text": "call me"}})
        self.eventually(lambda: session in [m["session_id"] for m in self.on["lin"].must("message.list", limit=200)["messages"]])
        return session

    def person(self):
        session = self.served()
        person = f"c:app:u{self.opened}"
        self.eventually(lambda: (self.on["sun"].call("customer.get", customer_id=person)[1] or {}).get("identities"))
        return person, session

    def over(self, person):
        """Until the trail says so."""
        def all_closed():
            entries = self.on["sun"].must("customer.history", customer_id=person)["entries"]
            return entries and all(e.get("closed_at") for e in entries)

        self.eventually(all_closed)

    def state_of(self, method, params):
        """What tells whether anything was done: it must not move when something is said again."""
        kind = method.split(".")[0]
        sun = self.on["sun"]
        # Lists and histories are read from the state, which follows the journal.
        self.eventually(lambda: (lambda j: j["projected"] >= j["last"])(sun.must("admin.status")["journal"]))
        if "session_id" in params or "transfer_id" in params or "offer_id" in params or "attachment_id" in params:
            about = next(params[f] for f in ("session_id", "transfer_id", "offer_id", "attachment_id") if f in params)
            return sun.must("admin.session", session_id=about.split(".")[0])["seq"]
        if kind in ("account", "group") or method.startswith(("admin.rules", "admin.group")):
            return sun.must("admin.rules_history", limit=1)["versions"][0]["version"], sun.must("admin.rules_history")["closed_by_hand"]
        if kind in ("campaign", "sales_channel", "segment"):
            return sun.must(kind + ".list")
        if kind in ("customer", "lead"):
            leads = sun.must("lead.list", customer_id=params["customer_id"])
            return sun.must("customer.changes", customer_id=params["customer_id"], limit=200)["changes"], leads
        return [{f: a.get(f) for f in ("id", "state", "reason", "used")} for a in sun.must("admin.agents")["agents"]]

    def all_is_projected(self):
        """What some of the answers here are read from is written a moment later."""
        journal = self.on["sun"].must("admin.status")["journal"]
        return journal["projected"] == journal["last"]

    def settled(self, method, params):
        """When what follows from the call by itself has followed."""
        self.eventually(self.all_is_projected)
        before = self.state_of(method, params)
        for _ in range(100):
            time.sleep(0.03)
            self.eventually(self.all_is_projected)
            now = self.state_of(method, params)
            if now == before:
                return now
            before = now
        self.fail(method + ": it does not come to rest")

    # -- the walk

    def check(self, method, who, params, other, other_method=None):
        with self.subTest(method=method):
            client = self.on[who]
            key = {self.key: "k " + method} if self.key not in params else {}
            first = client.must(method, **params, **key)
            before = self.settled(method, params)
            self.assertEqual(client.must(method, **params, **key), first)
            self.assertEqual(self.state_of(method, params), before, "it was done a second time")
            self.said.append((method, who, params, key, first, other, other_method))
            self.differs(method, client, params, key, other, other_method)

    def differs(self, method, client, params, key, other, other_method):
        if other is None:
            return
        changed = {**params, **other} if other_method is None else other
        why = self.refused("already_exists", client.call(other_method or method, **{**changed, **key}))
        self.assertEqual(why["field"], "op_id", why)

    def after_a_restart(self):
        self.daemon.kill()
        self.daemon.start()
        for name in self.on:
            self.on[name] = self.daemon.channel() if name == "app" else self.daemon.agent(name, None)
        for method, who, params, key, first, other, other_method in self.said:
            if method in NOT_THROUGH_A_RESTART:
                continue
            with self.subTest(method=method, after="kill -9"):
                before = self.settled(method, params)
                self.assertEqual(self.on[who].must(method, **params, **key), first)
                self.assertEqual(self.state_of(method, params), before, "it was done a second time")
                self.differs(method, self.on[who], params, key, other, other_method)

    def test_every_method_that_writes_answers_the_same_again_and_does_nothing_twice_also_after_kill_9(self):
        self.meet()
        self.administration()
        self.selling()
        self.in_sessions()
        self.joining()
        self.agents()
        self.left_messages()
        self.of_customers()
        self.files()
        own_keys = {"session.open", "session.send", "session.whisper", "message.answer"}
        walked = {row[0] for row in self.said} | BY_THEMSELVES | own_keys
        self.assertEqual(walked ^ set(methods_that_write()), set(), "methods without a scenario, or scenarios without a method")
        self.after_a_restart()

    def administration(self):
        sun = "sun"
        text = self.dispatch + "# looked through\n"
        self.check("admin.rules_apply", sun, dict(text=text, file="d.yaml"), dict(comment="no"))
        self.check("admin.rules_edit", sun, dict(path="agents.lin.capacity", value="61"), dict(value="62"))
        self.check("admin.rules_rollback", sun, dict(version=2), dict(comment="x"))
        self.check("admin.rules_keep", sun, {}, dict(group="spare", reason="x"), "admin.group_close")
        self.check("admin.group_close", sun, dict(group="spare", reason="a fire drill"), dict(reason="x"))
        self.check("admin.group_open", sun, dict(group="spare", reason="over"), dict(reason="x"))
        self.check("account.create", sun, dict(id="zhou", fields={"name": "Zhou", "groups": ["second"]}), dict(fields={"name": "Zhou II", "groups": ["second"]}))
        self.check("account.update", sun, dict(id="zhou", fields={"capacity": 6}), dict(fields={"capacity": 7}))
        # A map's pairs have no order: who repeats the call may write them in another.
        again = [self.on[sun].must("account.update", id="zhou", fields=dict(pairs), op_id="in-any-order")
                 for pairs in ([("capacity", 5), ("name", "Zhou")], [("name", "Zhou"), ("capacity", 5)])]
        self.assertEqual(again[0], again[1])
        self.check("account.set_password", sun, dict(id="zhou", password="correct horse battery", end_connections=True),
                   dict(password="correct horse batterz"))
        self.check("account.new_token", sun, dict(id="zhou", overlap_ms=3_600_000), dict(overlap_ms=3_600_001))
        self.check("account.disable", sun, dict(id="zhou", why="on leave"), dict(why="x"))
        self.check("account.enable", sun, dict(id="zhou"), dict(why="x"))
        self.check("account.import", sun, dict(text="agents:\n  - {id: wei, groups: [second], capacity: 2}\n"), dict(why="x"))
        self.check("group.create", sun, dict(id="night", fields={"name": "Night"}), dict(fields={"name": "Day"}))
        self.check("group.update", sun, dict(id="night", fields={"queue": {"max": 50}}), dict(fields={"queue": {"max": 51}}))
        self.check("group.merge", sun, {"from": "night", "into": "spare"}, dict(why="x"))
        sun_line = self.on["sun"]
        sun_line.must("group.create", id="dusk", fields={"name": "Dusk"})
        self.check("group.retire", sun, dict(id="dusk", into="general"), dict(into="spare"))

    def selling(self):
        sun = "sun"
        for kind, fields in (("sales_channel", {"name": "Fair"}), ("campaign", {"name": "Spring", "sales_channel": "x"}),
                             ("segment", {"name": "Keen", "condition": "'keen' in customer.tags"})):
            if kind == "campaign":
                self.on[sun].must("sales_channel.create", id="x", fields={"name": "X"})
            self.check(kind + ".create", sun, dict(id="a", fields=fields), dict(fields={**fields, "note": "other"}))
            self.check(kind + ".update", sun, dict(id="a", fields={"note": "hall 4"}), dict(fields={"note": "hall 5"}))
            self.check(kind + ".delete", sun, dict(id="a"), dict(id="b"))

    def in_sessions(self):
        session = self.served()
        lin, note = self.on["lin"], dict(body={"text": "other"})
        said = lin.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "wrong"})["seq"]
        self.on["app"].must("session.send", session_id=session, client_msg_id="c1", type="text", body={"text": "a lamp?"})
        self.check("session.read", "app", dict(session_id=session, message_seq=said), dict(message_seq=said + 1))
        self.check("session.recall", "lin", dict(session_id=session, message_seq=said), dict(message_seq=1))
        self.check("session.note", "lin", dict(session_id=session, body={"text": "called before"}), note)
        self.check("session.tag", "lin", dict(session_id=session, add=["vip"]), dict(add=["vip", "new"]))
        until = int(time.time() * 1000) + 3_600_000
        self.check("session.snooze", "lin", dict(session_id=session, until=until), dict(until=until + 1))
        self.check("session.wake", "lin", dict(session_id=session), dict(session_id=session, **note), "session.note")
        self.eventually(lambda: len(self.of_type(self.events(self.on["app"], session), "assigned")) == 2)
        card = lin.must("session.send", session_id=session, client_msg_id="p1", type="product", body={"product_id": "P1"})["seq"]
        self.check("product.clicked", "app", dict(session_id=session, product_id="P1", message_seq=card), dict(product_id="P2"))
        self.check("session.close", "lin", dict(session_id=session, reason="solved"), dict(reason="x"))
        self.check("session.wrap_up", "lin", dict(session_id=session, summary="found", disposition="solved"), dict(summary="x"))
        self.check("session.rate", "app", dict(session_id=session, score=5), dict(score=1))
        waits = self.waiting("nobody")
        self.check("admin.bump", "sun", dict(session_id=waits, reason="angry", priority=7), dict(priority=8))
        self.check("admin.session_move", "sun", dict(session_id=waits, to_group="second", reason="a fair"), dict(reason="x"))
        self.check("admin.session_assign", "sun", dict(session_id=self.waiting("pulled"), agent="paul", reason="a friend"), dict(reason="x"))
        self.check("admin.session_close", "sun", dict(session_id=self.waiting("nobody"), reason="a test"), dict(reason="x"))
        # What changes nothing is remembered likewise.
        read = self.served()
        lin.must("session.tag", session_id=read, add=["a"])
        once = lin.must("session.tag", session_id=read, add=["a"], op_id="nothing new")
        lin.must("session.note", session_id=read, body={"text": "meanwhile"})
        self.assertEqual(lin.must("session.tag", session_id=read, add=["a"], op_id="nothing new"), once)
        self.refused("already_exists", lin.call("session.tag", session_id=read, add=["b"], op_id="nothing new"))

    def joining(self):
        note = dict(body={"text": "other"})
        session = self.served()
        self.check("session.monitor", "xu", dict(session_id=session), dict(session_id=session, **note), "session.note")
        self.check("session.barge", "xu", dict(session_id=session), dict(session_id=session, **note), "session.note")
        self.check("session.leave", "xu", dict(session_id=session), dict(session_id=session, **note), "session.note")
        self.on["xu"].must("session.monitor", session_id=session)
        self.check("session.remove", "lin", dict(session_id=session, agent="xu"), dict(agent="chen"))
        self.check("session.takeover", "xu", dict(session_id=session), dict(session_id=session, **note), "session.note")
        session = self.served()
        self.check("session.transfer", "lin", dict(session_id=session, to={"group": "second"}, note="a"), dict(note="b"))
        session = self.served()
        away = self.on["lin"].must("session.transfer", session_id=session, to={"group": "nobody"})["transfer_id"]
        self.check("session.transfer_cancel", "lin", dict(transfer_id=away), dict(session_id=session, **note), "session.note")
        session = self.served()
        joint = self.on["lin"].must("session.transfer", session_id=session, to={"agent": "chen"}, mode="consult")["transfer_id"]
        self.on["chen"].wait_event(session, "joined")
        self.check("session.transfer_complete", "lin", dict(transfer_id=joint), dict(session_id=session, **note), "session.note")
        self.check("session.claim", "paul", dict(session_id=self.waiting("pulled")), None)

    def agents(self):
        _, offer = self.offered()
        self.check("agent.accept", "vera", dict(offer_id=offer), dict(offer_id=offer, reason="x"), "agent.decline")
        _, offer = self.offered()
        self.check("agent.decline", "vera", dict(offer_id=offer, reason="busy"), dict(reason="x"))
        self.on["vera"].must("agent.state", state="away")
        self.check("agent.state", "tom", dict(state="away", reason="lunch"), dict(reason="x"))
        self.check("admin.agent_state", "sun", dict(agent="tom", state="busy", reason="a fair"), dict(reason="x"))
        session = self.served("mei", "moved")
        self.on["nina"].must("agent.state", state="online")
        move = dict(agent="mei", to_group="moved", reason="a break")
        self.check("admin.agent_move", "sun", move, dict(reason="x"))
        self.on["nina"].wait_event(session, "assigned")

    def left_messages(self):
        left = self.left()
        note = dict(session_id=left, reason="other")
        self.check("message.claim", "lin", dict(session_id=left), note, "message.dismiss")
        self.check("message.release", "lin", dict(session_id=left, reason="for a colleague"), dict(reason="x"))
        self.check("message.dismiss", "lin", dict(session_id=left, reason="a test"), dict(reason="x"))

    def of_customers(self):
        sun, (who, session) = "sun", self.person()
        self.check("customer.update", sun, dict(customer_id=who, fields={"name": "Kim"}), dict(fields={"name": "Kym"}))
        self.check("customer.tag", sun, dict(customer_id=who, add=["keen"]), dict(add=["keener"]))
        lead = dict(customer_id=who, fields={"title": "A fridge"})
        self.check("lead.create", sun, lead, dict(fields={"title": "Two"}))
        made = self.on[sun].must("lead.list", customer_id=who)["leads"][0]["lead_id"]
        self.check("lead.update", sun, dict(customer_id=who, lead_id=made, fields={"stage": "won"}), dict(fields={"stage": "lost"}))
        tag = dict(customer_id=who, add=["other"])
        self.check("customer.block", sun, dict(customer_id=who, reason="abuse"), dict(reason="x"))
        self.check("customer.unblock", sun, dict(customer_id=who), tag, "customer.tag")
        self.on["app"].must("session.send", session_id=session, client_msg_id="l1", type="text", body={"text": "a lamp"})
        found = self.eventually(lambda: (self.on[sun].call("customer.mine", session_id=session)[1] or {}).get("suggestions"))
        self.check("customer.mine", sun, dict(session_id=session, customer_id=who), tag, "customer.tag")
        self.check("customer.settle", sun, dict(customer_id=who, suggestion_id=found[0]["id"], accept=True), dict(accept=False))
        other, _ = self.person()
        self.check("customer.merge", sun, dict(customer_id=other, into=who), dict(customer_id=other, add=["x"]), "customer.tag")
        self.check("customer.unmerge", sun, dict(customer_id=other), dict(customer_id=other, add=["x"]), "customer.tag")
        gone, session = self.person()
        self.on["lin"].must("session.close", session_id=session)
        self.over(gone)
        self.check("customer.erase", sun, dict(customer_id=gone, dry_run=True), dict(dry_run=False))

    def files(self):
        session = self.served()
        lin = self.on["lin"]
        self.check("attachment.begin", "lin", dict(session_id=session, name="b.txt", type="file", size=4), dict(size=5))
        begun = lin.must("attachment.begin", session_id=session, name="a.txt", type="file", size=4)["attachment_id"]
        for method, params in (("attachment.chunk", dict(attachment_id=begun, offset=0, data=b"lamp")), ("attachment.finish", dict(attachment_id=begun))):
            self.assertEqual(lin.must(method, **params, op_id="k"), lin.must(method, **params, op_id="k"))

    def test_a_repeated_new_token_is_the_first_one_and_lets_in_and_ends_nobody_twice(self):
        self.meet()
        sun = self.on["sun"]
        asked = dict(id="tom", overlap_ms=0, end_connections=True, op_id="once")
        token = sun.must("account.new_token", **asked)["token"]

        line = Client(self.daemon.port)
        line.must("hello", role="agent", id="tom", token=token, protocol=1)
        self.assertEqual(sun.must("account.new_token", **asked)["token"], token)
        line.must("agent.state", state="away")
        self.daemon.kill()
        self.daemon.start()
        sun = self.daemon.agent("sun", None)
        self.assertEqual(sun.must("account.new_token", **asked)["token"], token)
        self.assertNotEqual(sun.must("account.new_token", **{**asked, "op_id": "twice"})["token"], token)
        files = [os.path.join(folder, name) for folder, _, names in os.walk(self.daemon.folder) for name in names if name == "data.mdb"]
        self.assertGreaterEqual(len(files), 2)
        for path in files:
            with open(path, "rb") as data:
                self.assertNotIn(token.encode(), data.read(), "the token itself lies in the store")

    def test_a_call_said_again_before_it_is_answered_gets_the_one_answer(self):
        self.meet()
        paul, lin, xu = self.on["paul"], self.on["lin"], self.on["xu"]

        def twice(client, method, **params):
            # In one piece, so that all are there before the first is answered.
            msgids = [client.next_id + n for n in (1, 2, 3)]
            client.next_id += 3
            client.socket.sendall(b"".join(msgpack.packb([0, m, method, [params]]) for m in msgids))
            got = {}
            while len(got) < len(msgids):
                message = client.receive()
                if message[0] == 1:
                    got[message[1]] = (message[2], message[3])
                else:
                    client.take(message)
            answers = [got[m] for m in msgids]
            self.assertEqual(answers, [answers[0]] * len(answers), method)
            return answers[0]

        for n in range(20):
            session = self.waiting("pulled") if n < 9 else None
            if session:
                self.assertIsNone(twice(paul, "session.claim", session_id=session, op_id=f"c{n}")[0])
            session = self.served()
            self.assertIsNone(twice(lin, "session.transfer", session_id=session, to={"agent": "chen"}, mode="consult", op_id="t")[0])
            session = self.served()
            self.assertIsNone(twice(xu, "session.takeover", session_id=session, op_id="o")[0])
            said = xu.must("session.send", session_id=session, client_msg_id="s", type="text", body={"text": "wrong"})["seq"]
            self.assertIsNone(twice(xu, "session.recall", session_id=session, message_seq=said, op_id="r")[0])
            xu.must("session.close", session_id=session)
        # What is refused is refused to all, and may be asked again.
        session = self.served()
        self.refused("failed_precondition", twice(paul, "session.claim", session_id=session, op_id="no"))

    def test_an_erasure_asked_for_once_more_is_the_same_work_and_tells_its_end_again(self):
        self.meet()
        gone, session = self.person()
        self.on["lin"].must("session.close", session_id=session)
        self.over(gone)
        asked = dict(customer_id=gone, dry_run=True, op_id="e")
        work = self.on["sun"].must("customer.erase", **asked)["work_id"]
        end = self.on["sun"].wait_for("customer.done", lambda p: p["work_id"] == work)
        other = self.daemon.agent("sun", None)
        self.assertEqual(other.must("customer.erase", **asked)["work_id"], work)
        self.assertEqual(other.wait_for("customer.done", lambda p: p["work_id"] == work), end)


if __name__ == "__main__":
    unittest.main(verbosity=2)
