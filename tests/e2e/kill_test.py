"""kill -9 at random points under load: what was acknowledged is there, once. SWITCHBOARD_KILLS (100), SWITCHBOARD_SEED."""
import os
import random
import signal
import threading
import time
import traceback
import unittest

from daemon_fixture import Client, DaemonCase, agents_yaml, channels_yaml, token_of

KILLS = int(os.environ.get("SWITCHBOARD_KILLS", "100"))
SEED = int(os.environ.get("SWITCHBOARD_SEED", str(int(time.time()))))
AGENTS, CUSTOMERS, IN_QUEUE = 4, 6, 10


class Acknowledged:
    """What the daemon has said is done, since it was last checked. The lists are written by many threads."""

    def __init__(self):
        self.opens, self.messages, self.closes, self.assigned = [], [], [], []

    def sessions(self):
        return ({s for _, _, s in self.opens} | {s for s, _, _ in self.messages} | {s for s, _ in self.closes} |
                {s for s, _ in self.assigned})


class Customer:
    """One customer's line: opens, writes, closes, opens the next; what was not answered is asked again after the kill."""

    def __init__(self, name, rng):
        self.name, self.rng = name, random.Random(rng.random())
        self.opened = self.written = 0
        self.session = None
        self.open_call = None  # the call that is under way
        self.told = None

    def play(self, channel, stop, told):
        self.told = told
        if self.open_call:
            self.do(channel, *self.open_call)
        while not stop.is_set():
            if self.session is None:
                self.opened += 1
                self.do(channel, "open", f"{self.name}-r{self.opened}")
            elif self.rng.random() < 0.05:
                self.do(channel, "close", self.session)
            else:
                self.written += 1
                self.do(channel, "message", self.session, f"{self.name}-m{self.written}")

    def do(self, channel, *call):
        self.open_call = call
        getattr(self, call[0])(channel, *call[1:])
        self.open_call = None

    def open(self, channel, key):
        self.session = channel.must("session.open", request_id=key, customer={"id": self.name})["session_id"]
        self.told.opens.append((self.name, key, self.session))

    def message(self, channel, session, key):
        failure, result = channel.say(session, key, f"text of {key}")
        if failure is not None:
            raise AssertionError(f"session.send: {failure}")
        self.told.messages.append((session, key, result["seq"]))

    def close(self, channel, session):
        self.told.closes.append((session, channel.must("session.close", session_id=session)["seq"]))
        self.session = None


class Administrator:
    """Makes accounts, tokens, passwords and groups, goes back to versions, reloads. What is under way at a kill is done or not;
    everything else is as it was told."""

    ACCOUNTS, GROUPS = 12, 8

    def __init__(self, rng):
        self.rng = random.Random(rng.random())
        self.accounts = {}  # id: {token, password, disabled}; what is not sure is None
        self.groups = {1: frozenset()}  # by version
        self.version = 1
        self.under_way = None
        self.done = 0

    def play(self, admin, daemon, stop):
        while not stop.is_set():
            what = self.rng.choices((self.account, self.token, self.password, self.switch, self.group, self.back, self.reload),
                                    (8, 8, 1, 6, 6, 3, 2))[0]
            what(admin, daemon)
            self.under_way = None
            self.done += 1

    def some(self):
        return self.rng.choice(sorted(self.accounts)) if self.accounts else None

    def changed(self, answer, groups=None):
        if answer["version"] != self.version:
            self.groups[answer["version"]] = self.groups[self.version] if groups is None else groups
            self.version = answer["version"]

    def account(self, admin, _):
        name = f"acc{len(self.accounts)}"
        if len(self.accounts) < self.ACCOUNTS:
            self.under_way = ("account", name)
            self.changed(admin.must("account.create", id=name, fields={"groups": ["later"]}))
            self.accounts[name] = {"token": "", "password": "", "disabled": False}

    def token(self, admin, _):
        if (name := self.some()):
            self.under_way = ("token", name)
            answer = admin.must("account.new_token", id=name, overlap_ms=0)
            self.changed(answer)
            self.accounts[name]["token"] = answer["token"]

    def password(self, admin, _):
        if (name := self.some()):
            self.under_way = ("password", name)
            secret = f"secret {self.done:06}"
            self.changed(admin.must("account.set_password", id=name, password=secret))
            self.accounts[name]["password"] = secret

    def switch(self, admin, _):
        if (name := self.some()):
            disabled = not self.accounts[name]["disabled"]
            self.under_way = ("disabled", name)
            self.changed(admin.must("account.disable" if disabled else "account.enable", id=name))
            self.accounts[name]["disabled"] = disabled

    def group(self, admin, _):
        name = f"grp{self.rng.randrange(self.GROUPS)}"
        there = self.groups[self.version]
        self.under_way = ("groups", there ^ {name})
        made = "group.retire" if name in there else "group.create"
        self.changed(admin.must(made, id=name, **({} if name in there else {"fields": {}})), there ^ {name})

    def back(self, admin, _):
        version = self.rng.choice(sorted(self.groups)[-30:])
        self.under_way = ("groups", self.groups[version])
        self.changed(admin.must("admin.rules_rollback", version=version), self.groups[version])

    def reload(self, _, daemon):
        daemon.process.send_signal(signal.SIGHUP)

    def check(self, case, admin):
        """After a kill: what was under way is found out, the rest has to be so."""
        kind, about = self.under_way or ("", "")
        self.under_way = None
        history = admin.must("admin.rules_history", limit=1)
        listed = {a["id"]: a for a in admin.must("account.list", limit=1000)["accounts"]}
        if kind == "account" and about in listed:
            self.accounts[about] = {"token": "", "password": "", "disabled": False}
        if kind in ("token", "password"):
            self.accounts[about][kind] = None
        if kind == "disabled":
            self.accounts[about]["disabled"] = listed[about]["disabled"]
        for name, account in self.accounts.items():
            case.assertIn(name, listed)
            case.assertEqual(listed[name]["disabled"], account["disabled"], name)
            for proof in ("token", "password"):
                if account[proof] is not None:
                    case.assertEqual(listed[name][proof], account[proof] != "", f"{proof} of {name}")
        there = frozenset(g["id"] for g in admin.must("admin.groups")["groups"] if g["id"].startswith("grp"))
        case.assertIn(there, {self.groups[self.version]} | ({about} if kind == "groups" else set()))
        self.version = history["active"]
        self.groups[self.version] = there
        sure = [n for n, a in self.accounts.items() if a["token"] and not a["disabled"]]
        for name in self.rng.sample(sure, min(3, len(sure))):
            self.log_in(case, name, token=self.accounts[name]["token"])
        sure = [n for n, a in self.accounts.items() if a["password"] and not a["disabled"]]
        if sure:
            name = self.rng.choice(sure)
            self.log_in(case, name, password=self.accounts[name]["password"])

    def log_in(self, case, name, **proof):
        client = Client(case.daemon.port)
        failure, _ = client.call("hello", role="agent", id=name, protocol=1, **proof)
        client.close()
        case.assertIsNone(failure, f"{name} by {list(proof)}")


class KillNine(DaemonCase):
    dispatch = ("groups:\n  - {id: a, name: A, strategy: longest_idle, queue: {max: 100000}}\n"
                "  - {id: later, name: Later, strategy: longest_idle}\n"
                "rules:\n  - {name: later, when: 'request.intent == \"later\"', steps: [{group: later}]}\n"
                "  - {name: everyone, steps: [{group: a}]}\nsession: {reconnect_grace: 60s}\n" + channels_yaml("app") +
                agents_yaml({**{f"agent{i}": (["a"], 20) for i in range(AGENTS)}, "late": (["later"], 1)}) +
                f"  - {{id: sun, role: admin, token_sha256: {token_of('sun')}}}\n")

    def until_the_kill(self, what, *arguments):
        """The line breaks when the daemon dies; anything else is a trouble."""
        try:
            what(*arguments)
        except OSError:
            pass
        except BaseException:  # pylint: disable=broad-except
            self.troubles.append(traceback.format_exc())

    def play(self, customer, stop, told):
        customer.play(self.daemon.channel(), stop, told)

    def watch(self, agent, told):
        while True:
            message = agent.receive()
            if message[0] == 2 and message[1] == "session.event" and message[2][0]["type"] == "assigned":
                told.assigned.append((message[2][0]["session_id"], message[2][0]["seq"]))

    def test_everything_acknowledged_is_there_once_after_every_kill(self):
        print(f"seed {SEED}, {KILLS} kills", flush=True)
        rng = random.Random(SEED)
        self.troubles = []
        queue = self.stand_in_the_queue()
        customers = [Customer(f"c{i}", rng) for i in range(CUSTOMERS)]
        administrator = Administrator(rng)
        totals = {"opens": 0, "messages": 0, "closes": 0, "assigned": 0}
        for kill in range(KILLS):
            told = Acknowledged()
            stop = threading.Event()
            agents = [self.daemon.agent(f"agent{i}") for i in range(AGENTS)]
            threads = [threading.Thread(target=self.until_the_kill, args=(self.watch, a, told)) for a in agents]
            threads += [threading.Thread(target=self.until_the_kill, args=(self.play, c, stop, told)) for c in customers]
            admin = self.daemon.agent("sun", state=None)
            threads.append(threading.Thread(target=self.until_the_kill, args=(administrator.play, admin, self.daemon, stop)))
            for t in threads:
                t.start()
            time.sleep(rng.uniform(0.02, 0.5))
            self.daemon.kill()
            stop.set()
            for t in threads:
                t.join()
            self.daemon.start()
            self.assertEqual(self.troubles, [], f"kill {kill}")
            self.check(told)
            administrator.check(self, self.daemon.agent("sun", state=None))
            for kind in totals:
                totals[kind] += len(getattr(told, kind))
        print({**totals, "orders": administrator.done}, flush=True)
        self.leave_the_queue(queue)

    def check(self, told):
        channel = self.daemon.channel()
        for name, key, session in told.opens:
            again = channel.must("session.open", request_id=key, customer={"id": name})["session_id"]
            self.assertEqual(again, session, f"{key} opened another session")
        transcripts = {}
        for session in told.sessions():
            events = self.events(channel, session)
            self.assertEqual([e["prev"] for e in events[1:]], [e["seq"] for e in events[:-1]], "a gap or a double")
            transcripts[session] = events
        for session, key, seq in told.messages:
            same = [e for e in transcripts[session] if e["type"] == "message" and e["message"].get("client_msg_id") == key]
            self.assertEqual([e["seq"] for e in same], [seq], f"message {key} of {session}")
        for kind, all_told in (("assigned", told.assigned), ("closed", told.closes)):
            for session, seq in all_told:
                self.assertEqual([e["type"] for e in transcripts[session] if e["seq"] == seq], [kind], session)
        channel.close()

    def stand_in_the_queue(self):
        """They wait through all kills: (session, when it was opened), in order."""
        channel = self.daemon.channel()
        sessions = []
        for i in range(IN_QUEUE):
            sessions.append(channel.must("session.open", request_id="r1", customer={"id": f"q{i}"}, intent="later")["session_id"])
            time.sleep(0.01)
        self.eventually(lambda: all(any(e["type"] == "queued" for e in self.events(channel, s)) for s in sessions))
        opened = [(s, self.events(channel, s)[0]["at"]) for s in sessions]
        channel.close()
        return opened

    def leave_the_queue(self, queue):
        channel = self.daemon.channel()
        for session, at in queue:
            events = self.events(channel, session)
            self.assertEqual(events[0]["at"], at, "the wait began anew")
            self.assertNotIn("assigned", [e["type"] for e in events])
        # With room for one: of many that are assigned at once, one session's news may overtake another's on its way.
        agent = self.daemon.agent("late")
        for session, _ in queue:
            agent.wait_event(session, "assigned")
            agent.must("session.close", session_id=session)
        served = [e["session_id"] for name, e in agent.events if name == "session.event" and e["type"] == "assigned"]
        self.assertEqual(served, [s for s, _ in queue], "another order")


class QueueAfterKill(DaemonCase):
    dispatch = KillNine.dispatch

    def test_the_queue_keeps_its_order_through_a_kill(self):
        channel = self.daemon.channel()
        opened = []
        for i in range(30):
            opened.append(channel.must("session.open", request_id="r1", customer={"id": f"q{i}"})["session_id"])
            time.sleep(0.003)  # of one millisecond the ids decide, which say nothing of who came first
        time.sleep(0.3)
        self.daemon.kill()
        self.daemon.start()
        agent = self.daemon.agent("agent0")
        for s in opened[:20]:
            agent.wait_event(s, "assigned")
        served = {s["session_id"] for s in agent.must("agent.snapshot")["sessions"]}
        self.assertEqual(served, set(opened[:20]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
