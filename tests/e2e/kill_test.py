"""kill -9 at random points under load: what was acknowledged is there, once. SWITCHBOARD_KILLS (100), SWITCHBOARD_SEED."""
import os
import random
import threading
import time
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

KILLS = int(os.environ.get("SWITCHBOARD_KILLS", "100"))
SEED = int(os.environ.get("SWITCHBOARD_SEED", str(int(time.time()))))


class KillNine(DaemonCase):
    dispatch = ("groups:\n  - {id: a, name: A, strategy: longest_idle, queue: {max: 100000}}\n"
                "rules:\n  - {name: everyone, steps: [{group: a}]}\nsession: {reconnect_grace: 60s}\n" + channels_yaml("app") +
                agents_yaml({f"agent{i}": (["a"], 20) for i in range(4)}))

    def customer(self, number, run, stop, acknowledged, unanswered):
        """One customer's line: opens, writes, and remembers what was acknowledged."""
        try:
            channel = self.daemon.channel()
            name = f"c{run}-{number}"
            for key in unanswered.pop(number, []):
                self.repeat(channel, key, acknowledged)
            session = None
            n = 0
            while not stop.is_set():
                if session is None:
                    key = ("open", name, None, None)
                    session = self.repeat(channel, key, acknowledged, unanswered, number)
                else:
                    n += 1
                    self.repeat(channel, ("message", name, session, f"m{n}"), acknowledged, unanswered, number)
        except (OSError, ConnectionError):
            pass

    def repeat(self, channel, key, acknowledged, unanswered=None, number=None):
        kind, name, session, message = key
        if unanswered is not None:
            unanswered.setdefault(number, []).append(key)
        if kind == "open":
            session = channel.must("session.open", request_id="r1", customer={"id": name})["session_id"]
            acknowledged["opens"].append((name, session))
        else:
            seq = channel.say(session, message, f"{name} says {message}")[1]["seq"]
            acknowledged["messages"].append((session, message, seq))
        if unanswered is not None:
            unanswered[number].remove(key)
        return session

    def watch(self, agent, acknowledged):
        try:
            while True:
                message = agent.receive()
                if message[0] == 2 and message[1] == "session.event" and message[2][0]["type"] == "assigned":
                    acknowledged["assigned"].append((message[2][0]["session_id"], message[2][0]["seq"]))
        except (OSError, ConnectionError):
            pass

    def test_everything_acknowledged_is_there_once_after_every_kill(self):
        print(f"seed {SEED}, {KILLS} kills", flush=True)
        rng = random.Random(SEED)
        acknowledged = {"opens": [], "messages": [], "assigned": []}
        unanswered = {}
        for run in range(KILLS):
            agents = [self.daemon.agent(f"agent{i}") for i in range(4)]
            stop = threading.Event()
            threads = [threading.Thread(target=self.watch, args=(a, acknowledged)) for a in agents]
            threads += [threading.Thread(target=self.customer, args=(i, run, stop, acknowledged, unanswered)) for i in range(6)]
            for t in threads:
                t.start()
            time.sleep(rng.uniform(0.02, 0.6))
            self.daemon.kill()
            stop.set()
            for t in threads:
                t.join()
            self.daemon.start()
            self.check(acknowledged)
            for kind in acknowledged:
                acknowledged[kind].clear()

    def check(self, acknowledged):
        channel = self.daemon.channel()
        transcripts = {}
        for name, session in acknowledged["opens"]:
            again = channel.must("session.open", request_id="r1", customer={"id": name})["session_id"]
            self.assertEqual(again, session, f"{name} was opened twice")
        sessions = {s for _, s in acknowledged["opens"]} | {s for s, _, _ in acknowledged["messages"]} | {s for s, _ in acknowledged["assigned"]}
        for session in sessions:
            events = self.events(channel, session)
            self.assertEqual([e["prev"] for e in events[1:]], [e["seq"] for e in events[:-1]], "a gap or a double")
            transcripts[session] = events
        for session, message, seq in acknowledged["messages"]:
            same = [e for e in transcripts[session] if e["type"] == "message" and e["message"].get("client_msg_id") == message]
            self.assertEqual([e["seq"] for e in same], [seq], f"message {message} of {session}")
        for session, seq in acknowledged["assigned"]:
            self.assertEqual([e["type"] for e in transcripts[session] if e["seq"] == seq], ["assigned"])
        channel.close()


class QueueAfterKill(DaemonCase):
    dispatch = KillNine.dispatch

    def test_the_queue_keeps_its_order_through_a_kill(self):
        channel = self.daemon.channel()
        opened = [channel.must("session.open", request_id="r1", customer={"id": f"q{i}"})["session_id"] for i in range(30)]
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
