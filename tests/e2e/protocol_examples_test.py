"""docs/protocol.md shows what the daemon really answers: every example there is taken from this run.

UPDATE=1 rewrites the example blocks. Ids and times are replaced by stand-ins, so that two runs agree.
"""
import base64
import json
import os
import re
import subprocess
import time
import unittest

from daemon_fixture import Client, DaemonCase, agents_yaml, channels_yaml, token_of

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
        value = re.sub(r"(SESSION_\d+)\.f[0-9a-f]{16}", r"\1.f", value)
        value = re.sub(r"\bg[0-9a-f]{16}\b", "SUGGESTION", value)
        return re.sub(r"idle for [0-9.]+[a-z]+( \d\d[a-z])?", "idle for SPAN", value)

    def clean(self, value, key=""):
        if isinstance(value, dict):
            return {k: self.clean(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.clean(v, key) for v in value]
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, str):
            if key in ("day", "device_token") or (key == "token" and len(value) == 32):
                return key.upper()
            return self.text(value) if key not in ("cursor", "lead_id", "work_id", "next", "before") or len(value) < 12 else key.upper()
        if isinstance(value, int) and not isinstance(value, bool) and (value > 10**12 or key in ("rev", "longest_wait_ms", "longest_waiting_ms", "uptime_ms", "spent_ms")):
            return "REV" if key == "rev" else "TIME"
        return value


class ProtocolExamples(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "  - {id: vip, name: Vip, offer: {accept: manual, timeout: 20s}}\n"
                "  - {id: desk, name: Desk}\n"
                "  - {id: pulled, name: Pulled, offer: {accept: claim}}\n"
                "canned_replies:\n  - {id: hello, title: Greeting, shortcut: hi, texts: {en: 'Hello {customer.name}, {agent.name} here.'}}\n"
                "  - {id: refund, title: Refund, groups: [general], texts: {en: 'One to three days.', zh: 退款一到三天到账}}\n"
                "alerts: {new_message: true}\n"
                "rules:\n  - {name: later, when: 'request.intent == \"later\"', steps: [{group: general, skip_if: 'true'}, {leave_message: true}]}\n"
                "  - {name: pulled, when: 'request.intent == \"pulled\"', steps: [{group: pulled}]}\n"
                "  - {name: desk, when: 'request.intent == \"desk\"', steps: [{group: desk}]}\n"
                "  - {name: vip, when: 'request.intent == \"vip\"', steps: [{group: vip}]}\n"
                "  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5), "chen": (["general"], 5), "paul": (["pulled"], 2), "vera": (["vip"], 2), "xu": ([], 2, "supervisor")}) +
                f"  - {{id: sun, name: Sun, role: admin, groups: [desk], capacity: 9, token_sha256: {token_of('sun')}}}\n"
                "teams:\n  - {id: shop, name: Shop, leaders: [xu], members: [lin, chen]}\n"
                "profile_fields:\n  - {id: size, type: choice, values: [s, m, l], label: {en: Size}}\n"
                "mining:\n  - {name: lamp, when: \"said.exists(t, t.contains('lamp'))\", reason: asked for a lamp, lead: {title: A lamp}}\n")

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
        self.goods(app)
        self.customers(app)
        self.own_choice(app, lin)
        self.administration()

    def administration(self):
        """Accounts and groups: every change is a version."""
        sun, vera = self.daemon.agent("sun"), self.daemon.agent("vera")
        self.example(sun, "account.create", id="zhou", fields={"name": "Zhou", "groups": ["vip"], "skills": {"english": 3}}, why="starts on Monday")
        self.example(sun, "account.create", "one that is there", id="zhou", fields={})
        self.example(sun, "account.update", id="zhou", fields={"capacity": 6, "skills": {"english": None, "german": 2}})
        self.example(sun, "account.update", "a group that is not there", id="zhou", fields={"groups": ["vpi"]})
        self.example(sun, "account.new_token", id="zhou", overlap_ms=3_600_000)
        self.example(sun, "account.set_password", id="zhou", password="correct horse battery")
        self.example(sun, "account.set_password", "too short", id="zhou", password="horse")
        self.example(Client(self.daemon.port), "hello", "by password", role="agent", id="zhou", password="correct horse battery", protocol=1)
        self.example(Client(self.daemon.port), "hello", "a wrong one, or no such account", role="agent", id="zhou", password="incorrect horse", protocol=1)
        self.example(sun, "account.disable", id="zhou", why="on leave")
        self.example(sun, "account.list", after="xu", limit=1)
        self.example(sun, "account.enable", id="zhou")
        self.example(sun, "account.export", limit=1)
        self.example(sun, "account.import", text="agents:\n  - {id: wei, groups: [vip], capacity: 2}\n", why="from the other house")
        self.example(sun, "account.import", "a group that is not there", text="agents: [{id: wang, groups: [vpi]}]\n")
        self.example(sun, "group.create", id="night", fields={"name": "Night", "queue": {"max": 50}})
        self.example(sun, "group.update", id="night", fields={"offer": {"accept": "manual"}, "queue": {"max": None}})
        self.example(sun, "group.merge", **{"from": "pulled", "into": "night", "why": "one desk"})
        self.example(sun, "group.retire", "while rules name it", id="vip")
        self.example(sun, "group.retire", id="night", into="general")
        self.example(vera, "agent.times")
        self.example(vera, "agent.times", "of somebody one does not lead", agent="lin")

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

    def customers(self, app):
        sun = self.daemon.agent("sun")
        self.example(sun, "sales_channel.create", id="fair", fields={"name": "Spring fair", "channels": ["app"], "cost": 500000, "currency": "CNY"})
        self.example(sun, "sales_channel.update", id="fair", fields={"note": "hall 4"})
        self.example(sun, "sales_channel.list")
        self.example(sun, "campaign.create", id="spring", fields={"name": "Spring", "sales_channel": "fair", "entry_codes": ["s26"]})
        self.example(sun, "campaign.update", id="spring", fields={"cost": 90000})
        self.example(sun, "campaign.list")
        session = app.must("session.open", request_id="k1", customer={"id": "k1", "name": "Kim", "phone": "13800000001"}, intent="desk",
                           entry="s26", page="/lamps/7", message={"client_msg_id": "k", "type": "text", "body": {"text": "a lamp?"}})["session_id"]
        self.eventually(lambda: self.of_type(self.events(app, session), "assigned"))
        who = "c:app:k1"
        self.eventually(lambda: (sun.call("customer.mine", session_id=session)[1] or {}).get("suggestions"))
        found = self.example(sun, "customer.mine", session_id=session)["suggestions"]
        self.example(sun, "customer.settle", customer_id=who, suggestion_id=found[0]["id"], accept=True)
        app.must("session.close", session_id=session)
        self.example(sun, "customer.tag", customer_id=who, add=["keen"], remove=[])
        self.example(sun, "customer.fields")
        self.eventually(lambda: sun.must("customer.history", customer_id=who)["entries"][-1].get("closed_at"))
        self.eventually(lambda: len(sun.must("customer.changes", customer_id=who)["changes"]) == 5)
        self.example(sun, "customer.get", customer_id=session)
        self.example(sun, "customer.history", customer_id=who, limit=1)
        self.example(sun, "customer.changes", customer_id=who, limit=2)
        self.example(sun, "lead.list", customer_id=who)
        self.lists(app, sun, who)

    def lists(self, app, sun, who):
        self.eventually(lambda: sun.must("customer.search", tag="keen")["customers"])
        self.example(sun, "customer.search", name="ki", limit=2)
        self.example(sun, "segment.create", id="keen", fields={"name": "Keen", "condition": "'keen' in customer.tags"})
        self.example(sun, "segment.create", "a condition that is none", id="x", fields={"condition": "customer.nme == ''"})
        self.example(sun, "segment.update", id="keen", fields={"note": "for the fair"})
        self.example(sun, "segment.list")
        self.example(sun, "customer.search", "by a condition: what it finds follows", segment="keen")
        for push in ("customer.progress", "customer.found"):
            self.push(push, sun.wait_for(push))
        self.push("customer.done", sun.wait_for("customer.done"))
        self.example(sun, "customer.export", condition="'keen' in customer.tags")
        self.push("customer.rows", sun.wait_for("customer.rows"))
        self.example(sun, "customer.cancel", "work that is done", work_id="w1")
        dossier = self.example(sun, "customer.dossier", customer_id=who)["work_id"]
        self.push("customer.part", sun.wait_for("customer.part", lambda p: p["work_id"] == dossier and p["part"] == "change"))
        other = app.must("session.open", request_id="k2", customer={"id": "k2", "name": "Kimmy"}, intent="desk")["session_id"]
        self.eventually(lambda: self.of_type(self.events(app, other), "assigned"))
        app.must("session.close", session_id=other)
        self.eventually(lambda: sun.must("customer.get", customer_id="c:app:k2")["identities"])
        self.example(sun, "customer.merge", customer_id="c:app:k2", into=who)
        self.example(sun, "customer.merge", "into itself", customer_id=who, into=who)
        self.example(sun, "customer.unmerge", customer_id="c:app:k2")
        self.example(sun, "customer.block", customer_id=who, reason="abuse")
        self.example(app, "session.open", "a blocked customer", request_id="k3", customer={"id": "k1"})
        self.example(sun, "customer.unblock", customer_id=who)
        erase = self.example(sun, "customer.erase", customer_id=who, dry_run=True)["work_id"]
        self.push("customer.done", sun.wait_for("customer.done", lambda p: p["work_id"] == erase), "of customer.erase")
        self.example(sun, "segment.delete", id="keen")
        self.example(sun, "sales_channel.delete", "one that campaigns belong to", id="fair")
        self.example(sun, "sales_channel.delete", "one that is not there", id="market")
        self.example(sun, "campaign.delete", id="spring")

    def events_session(self, app):
        return app.must("session.open", request_id="r1", customer={"id": "u1", "name": "Ann", "phone": "+1 555 0100"},
                        entry="order page", intent="refund", subject="a late parcel", skills={"english": 3},
                        message={"client_msg_id": "m0", "type": "text", "body": {"text": "Where is my parcel?"}})["session_id"]

    def agent_side(self, app, lin, chen):
        session = app.must("session.open", request_id="r2", customer={"id": "u2", "name": "Bob"})["session_id"]
        at = self.eventually(lambda: self.of_type(self.events(app, session), "assigned"))[0]["agent"]["id"]
        mine, other = (lin, chen) if at == "lin" else (chen, lin)
        self.names.known[at], self.names.known["chen" if at == "lin" else "lin"] = "lin", "chen"
        self.real = {lin: "lin", chen: "chen"}
        self.example(mine, "agent.snapshot")
        self.example(mine, "session.note", session_id=session, body={"text": "called before"})
        self.example(mine, "session.tag", session_id=session, add=["parcel"], remove=[])
        self.files_and_replies(app, mine, session)
        self.example(other, "session.close", "who does not serve it", session_id=session)
        self.example(mine, "session.transfer", session_id=session, to={"group": "nowhere"})
        self.example(mine, "session.transfer", session_id=session, to={"group": "general"}, mode="cold", note="for a colleague", op_id="t1")
        self.eventually(lambda: len(self.of_type(self.events(app, session), "assigned")) == 2)
        at = self.of_type(self.events(app, session), "assigned")[1]["agent"]["id"]
        mine = lin if at == "lin" else chen
        self.example(mine, "session.transfer_cancel", "accepted already", transfer_id=session + ".t9")
        self.company(app, mine, session)
        self.example(mine, "session.close", session_id=session, reason="solved")
        self.example(mine, "session.wrap_up", session_id=session, summary="parcel found", disposition="solved")
        self.example(app, "session.rate", session_id=session, score=5, comment="quick")
        self.example(app, "session.rate", "rated before", session_id=session, score=1)
        person = "c:app:u2"
        self.eventually(lambda: mine.must("customer.get", customer_id=person).get("identities"))
        self.example(mine, "customer.update", customer_id=person, fields={"name": "Bob Li"})
        lead = self.example(mine, "lead.create", customer_id=person, fields={"title": "a second lamp"})
        self.example(mine, "lead.update", customer_id=person, lead_id=lead.get("lead_id", "none"), fields={"stage": "won"})

    def fill_centers(self):
        created = 1_760_000_000_000
        rows = {
            "member": [{"member_id": "M1", "level": 2, "name": "Cai", "phone": "+1 555 0199"}],
            "tag": [{"member_id": "M1", "tags": ["reader"]}],
            "product": [{"product_id": "P1", "name": "Desk lamp", "price": "39.90", "stock": 7, "category": "lamps"},
                        {"product_id": "P2", "name": "Bulb", "price": "4.90", "stock": 90, "keywords": ["lamp"]},
                        {"product_id": "P3", "name": "Book stand", "price": "12", "stock": 4, "keywords": ["reader"]}],
            "trade": [{"order_id": "O1", "member_id": "M1", "state": "shipped", "created": created, "total": "39.90",
                       "items": [{"product_id": "P1", "name": "Desk lamp", "quantity": 1, "price": "39.90"}],
                       "logistics": {"carrier": "SF", "tracking_no": "SF1", "state": "in_transit", "last_place": "Hefei"}},
                      {"order_id": "O2", "member_id": "M2", "state": "completed", "created": created,
                       "items": [{"product_id": "P1"}, {"product_id": "P2"}]}]}
        for kind, records in rows.items():
            path = os.path.join(self.daemon.folder, kind + ".jsonl")
            with open(path, "w", encoding="utf-8") as out:
                out.write("\n".join(json.dumps(r) for r in records))
            subprocess.run([os.environ["SWITCHBOARDCTL"], "center", "import", kind, path, "--dir",
                            os.path.join(self.daemon.folder, "centers")], check=True, stdout=subprocess.DEVNULL)

    def goods(self, app):
        self.fill_centers()
        session = app.must("session.open", request_id="g1", customer={"id": "u3", "phone": "+1 555 0199"}, intent="vip")["session_id"]
        vera = self.daemon.agent("vera")
        offer = vera.wait_for("agent.offer", lambda o: o["session_id"] == session)
        vera.must("agent.accept", offer_id=offer["offer_id"])
        self.example(vera, "product.search", text="lamp", limit=2)
        self.example(vera, "product.recommend", session_id=session, text="lamp")
        self.example(vera, "product.recommend", "a session somebody else serves", session_id=self.events_session(app))
        card = dict(session_id=session, type="product", body={"product_id": "P2"})
        shown = self.example(vera, "session.send", "a product: the center's name and price stand in the event", client_msg_id="p1", **card)
        self.example(vera, "session.send", "no such product", session_id=session, client_msg_id="p2", type="product", body={"product_id": "P9"})
        self.example(app, "product.clicked", session_id=session, product_id="P2", message_seq=shown["seq"])
        self.example(app, "product.clicked", "a product that was not shown", session_id=session, product_id="P1")
        self.eventually(lambda: [a for a in vera.must("product.credit")["agents"] if a["clicked"]])
        self.example(vera, "product.credit")
        self.example(vera, "product.credit", "of another agent", agent="lin")
        self.example(vera, "order.list", session_id=session, states=["shipped"])
        self.example(vera, "order.list", "whose?")
        self.example(vera, "order.get", order_id="O1")
        self.example(vera, "order.get", "no such order", order_id="O9")
        self.example(vera, "session.send", "an order: only the customer's own", session_id=session, client_msg_id="o1", type="order",
                     body={"order_id": "O2"})

    def company(self, app, mine, session):
        """Who joins a session beside its owner, and how it is put off."""
        xu = self.daemon.agent("xu", state="busy")
        self.example(xu, "team.list")
        self.example(mine, "session.monitor", "who leads nobody", session_id=session)
        self.example(xu, "session.monitor", session_id=session)
        self.example(xu, "session.whisper", session_id=session, client_msg_id="w1", type="text", body={"text": "offer a voucher"})
        self.example(xu, "session.barge", session_id=session)
        self.push("agent.session", xu.wait_for("agent.session", lambda s: s["as"] == "barge"))
        self.example(xu, "session.leave", session_id=session)
        xu.must("session.monitor", session_id=session)
        self.example(mine, "session.remove", session_id=session, agent="xu")
        self.example(mine, "session.snooze", session_id=session, until=int(time.time() * 1000) + 3_600_000)
        self.example(mine, "session.wake", session_id=session)
        self.eventually(lambda: len(self.of_type(self.events(app, session), "assigned")) == 3)
        consult = self.example(mine, "session.transfer", "for a consult, with somebody who is not there", session_id=session,
                               to={"agent": "vera"}, mode="consult")
        self.assertEqual(consult["code"], "failed_precondition")
        self.example(xu, "session.takeover", session_id=session)
        consult = xu.must("session.transfer", session_id=session, to={"agent": self.real[mine]}, mode="consult")
        mine.wait_event(session, "joined", lambda j: j["as"] == "consult")
        self.example(xu, "session.transfer_complete", transfer_id=consult["transfer_id"])

    def files_and_replies(self, app, mine, session):
        begun = self.example(mine, "attachment.begin", session_id=session, name="lamp.txt", type="file", size=11)
        file = begun["attachment_id"]
        self.example(mine, "attachment.begin", "too large", session_id=session, name="film.mp4", type="video", size=1 << 29)
        self.example(mine, "attachment.chunk", attachment_id=file, offset=0, data=b"a red lamp\n")
        self.example(mine, "attachment.finish", attachment_id=file)
        self.example(mine, "session.send", "a file", session_id=session, client_msg_id="f1", type="file", body={"attachment_id": file})
        self.example(mine, "attachment.read", attachment_id=file, offset=2, limit=3)
        self.example(mine, "canned.search", text="hi", session_id=session)
        self.example(mine, "canned.list", language="zh", limit=1)
        app.must("session.send", session_id=session, client_msg_id="q1", type="text", body={"text": "and a blue one?"})
        self.push("agent.alert", mine.wait_for("agent.alert", lambda a: not a.get("cleared")))

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
