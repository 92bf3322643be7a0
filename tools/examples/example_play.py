"""Plays the examples of docs/protocol.md against a daemon that serves config/examples and has seen nobody yet.

What is sent stands in the document and nowhere else. Here stands the order, and what has to be so before an example
can be: who is there, which session is open, what is waited for.
"""
import time

from examples_document import Names
from plain_client import Client

# Seconds: a machine that is busy with other things is waited for.
PATIENCE = 30


class Play:
    """`document` gets what was answered. `files`: how the dispatch file is changed and read again, see below."""

    def __init__(self, document, port, files, say=lambda example: None):
        self.document, self.port, self.files, self.say = document, port, files, say
        self.names = Names({"DISPATCH_FILE": files.dispatch, "BACKUP_DIR": files.backup_dir})
        self.clients, self.played = {}, {}

    def left(self):
        """What stands in the document and was not played."""
        return [f"{m} ({len(found) - self.played.get(m, 0)})" for m, found in self.document.blocks.items()
                if len(found) > self.played.get(m, 0)]

    # -- examples

    def next_of(self, method):
        number = self.played.get(method, 0)
        found = self.document.blocks.get(method, [])
        if number >= len(found):
            raise AssertionError(f"{method}: the document has only {len(found)} examples")
        self.played[method] = number + 1
        return found[number]

    def example(self, method, *notes):
        """The next example of that method, or those with these notes; answers the last one's answer."""
        for note in notes or [""]:
            e = self.next_of(method)
            if notes and e.note != note:
                raise AssertionError(f"{method}: the next example is \"{e.note}\", not \"{note}\"")
            client = self.nobody() if e.who == "nobody" else self.clients[e.who]
            later = int(time.time() * 1000) + 3_600_000
            failure, result = client.call(method, **self.names.real(e.params, "", later))
            answer = failure if failure is not None else result
            e.seen = ("error" if failure is not None else "result", self.names.clean(answer))
            self.say(e)
        return answer

    def pushed(self, method, match=lambda params: True, kind=None):
        """The next example of that notification, as it came to whom the document says."""
        e = self.next_of(method)
        params = self.clients[e.who].wait_for(method, lambda p: match(p) and kind in (None, p.get("type")), PATIENCE)
        e.seen = ("params", self.names.clean(params))
        self.say(e)
        return params

    # -- what examples need

    def nobody(self):
        """A connection that is nobody's yet."""
        return Client(self.port)

    def come(self, role, *names, state="online"):
        for name in names:
            if name not in self.clients:
                self.clients[name] = Client(self.port)
                self.do(name, "hello", role=role, id=name, token=name, protocol=1)
            if role == "agent" and state:
                self.do(name, "agent.state", state=state)

    def do(self, who, method, **params):
        """What is no example, and must succeed."""
        result = self.clients[who].must(method, **params)
        self.names.clean(result)
        return result

    def open(self, customer, **request):
        return self.do("app", "session.open", request_id=customer, customer={"id": customer}, **request)["session_id"]

    def until(self, what, seconds=PATIENCE):
        end = time.time() + seconds
        while True:
            answer = what()
            if answer:
                return answer
            if time.time() > end:
                raise AssertionError("it did not happen in time")
            time.sleep(0.02)

    def events(self, session, kind):
        found, after = [], 0
        while True:
            page = self.clients["app"].must("session.events", session_id=session, after=after)
            found += [e[kind] for e in page["events"] if e["type"] == kind]
            if not page["more"]:
                return found
            after = page["events"][-1]["seq"]

    def wait(self, session, kind, times=1):
        return self.until(lambda: (lambda found: found if len(found) >= times else None)(self.events(session, kind)))

    # -- the play

    def play(self):
        self.first_session()
        self.second_session()
        self.joined_session()
        self.end_of_session()
        self.offers()
        self.goods()
        self.customers()
        self.lists()
        self.own_choice()
        self.feed()
        self.operations()
        self.accounts()
        self.agents()
        self.versions()

    def first_session(self):
        self.come("channel", "app")
        self.come("agent", "lin")
        self.example("hello", "")
        self.example("hello", "said twice")
        self.first = self.example("session.open", "")["session_id"]
        self.example("session.open", "another request with a key used before")
        self.wait(self.first, "queued")
        for method in ("session.subscribe", "session.send"):
            self.example(method, "")
        self.example("session.send", "the key again, other content")
        for method in ("session.read", "session.typing", "session.recall"):
            self.example(method)
        self.come("agent", "chen", state=None)
        self.example("agent.state", "", "not a state")
        self.pushed("agent.state_changed", lambda c: c["state"] == "online")
        self.example("session.events")

    def second_session(self):
        self.bob = self.do("app", "session.open", request_id="r2", customer={"id": "u2", "name": "Bob"})["session_id"]
        self.wait(self.bob, "assigned")
        for method in ("agent.snapshot", "session.note", "session.tag"):
            self.example(method)
        self.example("attachment.begin", "", "too large")
        for method in ("attachment.chunk", "attachment.finish"):
            self.example(method)
        self.example("session.send", "a file")
        for method in ("attachment.read", "canned.search", "canned.list"):
            self.example(method)
        self.do("app", "session.send", session_id=self.bob, client_msg_id="q1", type="text", body={"text": "and a blue one?"})
        self.pushed("agent.alert", lambda a: not a.get("cleared"))
        self.example("session.close", "who does not serve it")
        self.example("session.transfer", "", "for a colleague")
        self.wait(self.bob, "assigned", 2)
        self.example("session.transfer_cancel", "accepted already")

    def joined_session(self):
        """Who joins a session beside its owner, and how it is put off."""
        self.come("agent", "xu", state="busy")
        self.example("team.list")
        self.example("session.monitor", "who leads nobody", "")
        self.example("session.whisper")
        self.example("session.barge")
        self.pushed("agent.session", lambda s: s["as"] == "barge")
        self.example("session.leave")
        self.do("xu", "session.monitor", session_id=self.bob)
        self.example("session.remove")
        self.example("session.snooze")
        self.example("session.wake")
        self.wait(self.bob, "assigned", 3)
        self.example("session.transfer", "for a consult, with somebody who is not there")
        self.example("session.takeover")
        self.do("xu", "session.transfer", session_id=self.bob, to={"agent": "chen"}, mode="consult")
        self.clients["chen"].wait_event(self.bob, "joined", lambda j: j["as"] == "consult")
        self.example("session.transfer_complete")

    def end_of_session(self):
        self.example("session.close", "")
        self.example("session.wrap_up")
        self.example("session.rate", "", "rated before")
        self.until(lambda: self.clients["chen"].must("customer.get", customer_id="c:app:u2").get("identities"))
        for method in ("customer.update", "lead.create", "lead.update"):
            self.example(method)

    def offers(self):
        self.come("agent", "vera")
        for n, answer in enumerate(("agent.decline", "agent.accept")):
            session = self.open(f"v{n}", intent="vip")
            offer = self.clients["vera"].wait_for("agent.offer", lambda o: o["session_id"] == session)
            self.names.clean(offer)
            if n == 0:
                self.pushed("agent.offer")
                self.example(answer)
                self.pushed("agent.offer_withdrawn")
                self.do("app", "session.close", session_id=session)
            else:
                self.example(answer, "")
                self.pushed("session.event", lambda e: e["session_id"] == session, "assigned")
                self.do("vera", "session.close", session_id=session)
        self.example("agent.accept", "an offer that is over")

    def goods(self):
        session = self.do("app", "session.open", request_id="g1", customer={"id": "u3", "phone": "+1 555 0199"}, intent="vip")["session_id"]
        offer = self.clients["vera"].wait_for("agent.offer", lambda o: o["session_id"] == session)
        self.do("vera", "agent.accept", offer_id=offer["offer_id"])
        self.example("product.search")
        self.example("product.recommend", "", "a session somebody else serves")
        self.example("session.send", "a product: the center's name and price stand in the event", "no such product")
        self.example("product.clicked", "", "a product that was not shown")
        self.until(lambda: [a for a in self.clients["vera"].must("product.credit")["agents"] if a["clicked"]])
        self.example("product.credit", "", "of another agent")
        self.example("order.list", "", "whose?")
        self.example("order.get", "", "no such order")
        self.example("session.send", "an order: only the customer's own")

    def customers(self):
        self.come("agent", "sun")
        sun, kim = self.clients["sun"], "c:app:k1"
        for method in ("sales_channel.create", "sales_channel.update", "sales_channel.list", "campaign.create", "campaign.update", "campaign.list"):
            self.example(method)
        session = self.do("app", "session.open", request_id="k1", customer={"id": "k1", "name": "Kim", "phone": "13800000001"}, intent="desk",
                          entry="s26", page="/lamps/7", message={"client_msg_id": "k", "type": "text", "body": {"text": "a lamp?"}})["session_id"]
        self.wait(session, "assigned")
        self.until(lambda: (sun.call("customer.mine", session_id=session)[1] or {}).get("suggestions"))
        self.example("customer.mine")
        self.example("customer.settle")
        self.do("app", "session.close", session_id=session)
        self.example("customer.tag")
        self.example("customer.fields")
        self.until(lambda: sun.must("customer.history", customer_id=kim)["entries"][-1].get("closed_at"))
        self.until(lambda: len(sun.must("customer.changes", customer_id=kim)["changes"]) == 5)
        for method in ("customer.get", "customer.history", "customer.changes", "lead.list"):
            self.example(method)
        self.until(lambda: sun.must("customer.search", tag="keen")["customers"])

    def lists(self):
        sun = self.clients["sun"]
        self.example("customer.search", "")
        self.example("segment.create", "", "a condition that is none")
        self.example("segment.update")
        self.example("segment.list")
        self.example("customer.search", "by a condition: what it finds follows")
        for push in ("customer.progress", "customer.found", "customer.done"):
            self.pushed(push)
        self.example("customer.export")
        self.pushed("customer.rows")
        self.example("customer.cancel")
        dossier = self.example("customer.dossier")["work_id"]
        self.pushed("customer.part", lambda p: p["work_id"] == dossier and p["part"] == "change")
        other = self.do("app", "session.open", request_id="k2", customer={"id": "k2", "name": "Kimmy"}, intent="desk")["session_id"]
        self.wait(other, "assigned")
        self.do("app", "session.close", session_id=other)
        self.until(lambda: sun.must("customer.get", customer_id="c:app:k2")["identities"])
        self.example("customer.merge", "", "into itself")
        self.example("customer.unmerge")
        self.example("customer.block")
        self.example("session.open", "a blocked customer")
        self.example("customer.unblock")
        erase = self.example("customer.erase")["work_id"]
        self.pushed("customer.done", lambda p: p["work_id"] == erase)
        self.example("segment.delete")
        self.example("sales_channel.delete", "one that campaigns belong to", "one that is not there")
        self.example("campaign.delete")

    def own_choice(self):
        self.come("agent", "paul")
        session = self.open("p1", intent="pulled")
        self.wait(session, "queued")
        self.example("session.claim", "who is in none of its groups", "")
        self.example("session.why", "who does not serve it and leads nobody", "")
        self.do("app", "session.open", request_id="l", customer={"id": "l1", "name": "Cai"}, intent="later", subject="an invoice")
        self.until(lambda: self.clients["lin"].must("message.list")["messages"])
        self.example("message.list")
        self.example("message.claim", "left with another group", "")
        for method in ("message.release", "message.answer", "message.dismiss"):
            self.example(method)

    def feed(self):
        """One feed of all that the channel's customers may see, from its first event on."""
        self.example("channel.subscribe", "")
        self.pushed("session.event", lambda e: "cursor" in e)
        self.example("channel.ack", "")

    def accounts(self):
        """Every change is a version."""
        self.example("account.create", "", "one that is there")
        self.example("account.update", "", "a group that is not there")
        self.example("account.new_token")
        self.example("account.set_password", "", "too short")
        self.example("hello", "by password", "a wrong one, or no such account")
        for method in ("account.disable", "account.list", "account.enable", "account.export"):
            self.example(method)
        self.example("account.import", "", "a group that is not there")
        for method in ("group.create", "group.update", "group.merge"):
            self.example(method)
        self.example("group.retire", "while rules name it", "")
        self.example("agent.times", "", "of somebody one does not lead")

    def operations(self):
        """What a shift leader sees, and does with one session."""
        for agent in ("lin", "chen"):
            self.do(agent, "agent.state", state="busy")
        waiting = self.open("w1")
        self.wait(waiting, "queued")
        for look in ("status", "sessions", "session", "agents", "groups", "centers", "actors", "actor", "activity", "why"):
            self.example("admin." + look)
        self.example("admin.bump")
        self.example("admin.session_move")
        self.wait(waiting, "queued", 2)
        self.example("admin.session_assign", "who could not", "")
        self.example("admin.session_events")
        self.example("admin.session_close")
        self.example("admin.group_close")
        self.example("admin.group_open")

    def agents(self):
        """And with agents."""
        self.do("chen", "agent.state", state="online")
        self.wait(self.open("w2"), "assigned")
        self.example("admin.agent_move", "", "an agent who is not there")
        self.example("admin.agent_state", "", "who has no connection")
        self.example("admin.backup")

    def versions(self):
        """The configuration: looked at, changed one value, as a whole, and back."""
        self.example("admin.rules_check", "", "a text with an error")
        self.example("admin.rules_edit")
        self.example("admin.rules_diff")
        self.example("admin.rules_history")
        self.example("admin.rules_rollback")
        self.example("admin.rules_show")
        self.do("sun", "admin.rules_edit", path="agents.lin.capacity", value="6", comment="the fair is on")
        self.files.change_dispatch("name: Vip", "name: Members")
        self.until(lambda: self.clients["sun"].must("admin.rules_conflicts")["conflict"])
        self.example("admin.rules_conflicts")
        self.example("admin.rules_keep")
        self.example("admin.rules_apply", "", "another was faster")
