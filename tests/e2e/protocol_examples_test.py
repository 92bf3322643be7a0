"""docs/protocol.md shows what the daemon really answers: every example there is taken from this run.

UPDATE=1 rewrites the example blocks. Ids and times are replaced by stand-ins, so that two runs agree.
"""
import json
import os
import re
import unittest

from daemon_fixture import Client, DaemonCase, agents_yaml, channels_yaml

DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "protocol.md")


class Names:
    """The first session becomes SESSION_1, the second SESSION_2, and so on."""

    def __init__(self):
        self.known = {}

    def stand_in(self, kind, value):
        return self.known.setdefault(value, f"{kind}_{1 + sum(v.startswith(kind) for v in self.known.values())}")

    def text(self, value):
        value = re.sub(r"(s[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26})(\.[t0-9.]+)?",
                       lambda m: self.stand_in("SESSION", m[1]) + (".n" if m[2] else ""), value)
        return re.sub(r"since \d{13}", "since TIME", value)

    def clean(self, value, key=""):
        if isinstance(value, dict):
            return {k: self.clean(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.clean(v, key) for v in value]
        if isinstance(value, str):
            return self.text(value) if key not in ("cursor", "lead_id") else key.upper()
        if isinstance(value, int) and not isinstance(value, bool) and (value > 10**12 or key in ("rev", "longest_wait_ms", "uptime_ms")):
            return "REV" if key == "rev" else "TIME"
        return value


class ProtocolExamples(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "  - {id: vip, name: Vip, offer: {accept: manual, timeout: 20s}}\n"
                "  - {id: pulled, name: Pulled, offer: {accept: claim}}\n"
                "rules:\n  - {name: later, when: 'request.intent == \"later\"', steps: [{group: general, skip_if: 'true'}, {leave_message: true}]}\n"
                "  - {name: pulled, when: 'request.intent == \"pulled\"', steps: [{group: pulled}]}\n"
                "  - {name: vip, when: 'request.intent == \"vip\"', steps: [{group: vip}]}\n"
                "  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5), "chen": (["general"], 5), "paul": (["pulled"], 2), "vera": (["vip"], 2)}))

    def setUp(self):
        super().setUp()
        self.names, self.examples = Names(), {}

    def example(self, client, method, note="", **params):
        failure, result = client.call(method, **params)
        shown = {"params": self.names.clean(params)}
        shown["error" if failure is not None else "result"] = self.names.clean(failure if failure is not None else result)
        self.examples.setdefault(method, []).append((note, shown))
        return result if failure is None else failure

    def push(self, method, params, note=""):
        self.examples.setdefault(method, []).append((note, {"params": self.names.clean(params)}))

    def play(self):
        app, lin = self.daemon.channel(), self.daemon.agent("lin")
        hello = dict(role="channel", id="app", token="app", protocol=1)
        fresh = Client(self.daemon.port)
        self.example(fresh, "hello", **hello)
        self.example(fresh, "hello", "said twice", **hello)
        self.example(app, "session.open", request_id="r1", customer={"id": "u1", "name": "Ann", "phone": "+1 555 0100"},
                     entry="order page", intent="refund", subject="a late parcel", skills={"english": 3},
                     message={"client_msg_id": "m0", "type": "text", "body": {"text": "Where is my parcel?"}})
        session = self.events_session(app)
        self.example(app, "session.open", "another request with a key used before", request_id="r1", customer={"id": "u1"})
        self.example(app, "session.subscribe", session_id=session, after=0)
        sent = self.example(app, "session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "hello"})
        self.example(app, "session.send", "the key again, other content", session_id=session, client_msg_id="m1", type="text", body={"text": "x"})
        self.example(app, "session.read", session_id=session, message_seq=sent["seq"])
        self.example(app, "session.typing", session_id=session)
        self.example(app, "session.recall", session_id=session, message_seq=sent["seq"])
        chen = self.daemon.agent("chen", state=None)
        self.example(chen, "agent.state", state="online")
        self.eventually(lambda: self.of_type(self.events(app, session), "queued"))
        self.example(chen, "agent.state", "not a state", state="asleep")
        self.agent_side(app, lin, chen)
        self.offers(app)
        self.own_choice(app, lin)

    def own_choice(self, app, lin):
        paul = self.daemon.agent("paul")
        session = app.must("session.open", request_id="p", customer={"id": "p1"}, intent="pulled")["session_id"]
        self.eventually(lambda: self.of_type(self.events(app, session), "queued"))
        self.example(lin, "session.claim", "who is in none of its groups", session_id=session)
        self.example(paul, "session.claim", session_id=session)
        self.example(lin, "session.why", "who does not serve it and leads nobody", session_id=session)
        self.example(paul, "session.why", session_id=session)
        left = app.must("session.open", request_id="l", customer={"id": "l1", "name": "Cai"}, intent="later", subject="an invoice")["session_id"]
        self.eventually(lambda: lin.must("message.list")["messages"])
        self.example(lin, "message.list", limit=10)
        self.example(paul, "message.claim", "left with another group", session_id=left)
        self.example(lin, "message.claim", session_id=left)
        self.example(lin, "message.release", session_id=left, reason="for a colleague")
        self.example(lin, "message.answer", session_id=left, client_msg_id="a1", type="text", body={"text": "It is on its way."})
        self.example(lin, "message.dismiss", "one that is answered", session_id=left, reason="a test")

    def events_session(self, app):
        return app.must("session.open", request_id="r1", customer={"id": "u1", "name": "Ann", "phone": "+1 555 0100"},
                        entry="order page", intent="refund", subject="a late parcel", skills={"english": 3},
                        message={"client_msg_id": "m0", "type": "text", "body": {"text": "Where is my parcel?"}})["session_id"]

    def agent_side(self, app, lin, chen):
        session = app.must("session.open", request_id="r2", customer={"id": "u2", "name": "Bob"})["session_id"]
        at = self.eventually(lambda: self.of_type(self.events(app, session), "assigned"))[0]["agent"]["id"]
        mine, other = (lin, chen) if at == "lin" else (chen, lin)
        self.names.known[at], self.names.known["chen" if at == "lin" else "lin"] = "lin", "chen"
        self.example(mine, "agent.snapshot")
        self.example(mine, "session.note", session_id=session, body={"text": "called before"})
        self.example(mine, "session.tag", session_id=session, add=["parcel"], remove=[])
        self.example(other, "session.close", "who does not serve it", session_id=session)
        self.example(mine, "session.transfer", session_id=session, to={"group": "nowhere"})
        self.example(mine, "session.transfer", session_id=session, to={"group": "general"}, mode="cold", note="for a colleague", op_id="t1")
        self.eventually(lambda: len(self.of_type(self.events(app, session), "assigned")) == 2)
        at = self.of_type(self.events(app, session), "assigned")[1]["agent"]["id"]
        mine = lin if at == "lin" else chen
        self.example(mine, "session.transfer_cancel", transfer_id=session + ".t9")
        self.example(mine, "session.transfer_complete", transfer_id=session + ".t9")
        self.example(mine, "session.close", session_id=session, reason="solved")
        self.example(mine, "session.wrap_up", session_id=session, summary="parcel found", disposition="solved")
        self.example(app, "session.rate", session_id=session, score=5, comment="quick")
        self.example(app, "session.rate", "rated before", session_id=session, score=1)
        person = "c:app:u2"
        self.eventually(lambda: mine.must("customer.get", customer_id=person).get("identities"))
        self.example(mine, "customer.update", customer_id=person, fields={"name": "Bob Li"})
        lead = self.example(mine, "lead.create", customer_id=person, fields={"title": "a second lamp"})
        self.example(mine, "lead.update", customer_id=person, lead_id=lead.get("lead_id", "none"), fields={"stage": "won"})
        self.example(mine, "product.search", text="lamp")
        self.example(mine, "product.recommend", text="lamp")
        self.example(mine, "order.list", member_id="M1")
        self.example(mine, "order.get", order_id="O1")

    def offers(self, app):
        vera = self.daemon.agent("vera")
        for n, answer in enumerate(("agent.decline", "agent.accept")):
            session = app.must("session.open", request_id="v", customer={"id": f"v{n}"}, intent="vip")["session_id"]
            offer = vera.wait_for("agent.offer", lambda o: o["session_id"] == session)
            if n == 0:
                self.push("agent.offer", offer)
                self.example(vera, answer, offer_id=offer["offer_id"], reason="on the phone")
                self.push("agent.offer_withdrawn", vera.wait_for("agent.offer_withdrawn"))
                app.must("session.close", session_id=session)
            else:
                self.example(vera, answer, offer_id=offer["offer_id"])
                self.push("session.event", vera.wait_event(session, "assigned"))
                vera.must("session.close", session_id=session)
        self.example(vera, "agent.accept", "an offer that is over", offer_id=offer["offer_id"])

    def block(self, method):
        lines = []
        for note, shown in self.examples[method]:
            lines += [f"// {note}"] if note else []
            for part, value in shown.items():
                lines.append(f"{part}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}")
        return "\n".join(lines)

    def test_every_example_in_the_document_is_what_the_daemon_answers(self):
        self.play()
        with open(DOCUMENT, encoding="utf-8") as source:
            text = source.read()
        pattern = re.compile(r"<!-- example: (\S+) -->\n```text\n(.*?)\n```", re.S)
        shown = dict(pattern.findall(text))
        self.assertEqual(sorted(shown), sorted(self.examples), "methods with an example, and methods played")
        if os.environ.get("UPDATE"):
            text = pattern.sub(lambda m: f"<!-- example: {m[1]} -->\n```text\n{self.block(m[1])}\n```", text)
            with open(DOCUMENT, "w", encoding="utf-8") as out:
                out.write(text)
            return
        for method in self.examples:
            with self.subTest(method):
                self.assertEqual(shown[method], self.block(method))


if __name__ == "__main__":
    unittest.main(verbosity=2)
