"""More customers than places, opened from eight clients at once (routing, scenario 3)."""
import threading
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

PLACES, CUSTOMERS, CLIENTS = 100, 400, 8


class OverCapacity(DaemonCase):
    dispatch = ("groups:\n  - {id: a, name: A, strategy: least_loaded, queue: {max: 1000}}\n"
                "  - {id: b, name: B, strategy: longest_idle, queue: {max: 1000}}\n"
                "rules:\n  - {name: b, when: 'request.intent == \"b\"', steps: [{group: b}]}\n"
                "  - {name: everyone, steps: [{group: a}]}\n" + channels_yaml("app") +
                agents_yaml({f"agent{i}": (["a", "b"], 5) for i in range(PLACES // 5)}))

    def test_exactly_as_many_are_assigned_as_there_are_places_and_the_oldest_follow(self):
        agents = [self.daemon.agent(f"agent{i}") for i in range(PLACES // 5)]
        sessions, lock = [], threading.Lock()

        def hammer(client_number):
            channel = self.daemon.channel()
            for n in range(CUSTOMERS // CLIENTS):
                answer = channel.must("session.open", request_id="r1", customer={"id": f"c{client_number}-{n}"},
                                      intent="ab"[n % 2])
                with lock:
                    sessions.append(answer["session_id"])
            channel.close()

        threads = [threading.Thread(target=hammer, args=(i,)) for i in range(CLIENTS)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()

        def used():
            found = [a.must("agent.snapshot") for a in agents]
            for s in found:
                self.assertLessEqual(s["used"], s["capacity"])
                self.assertLessEqual(len(s["sessions"]), s["capacity"])
            return found

        self.assertEqual(len(set(sessions)), CUSTOMERS)
        self.eventually(lambda: sum(len(s["sessions"]) for s in used()) == PLACES)
        served = {x["session_id"] for s in used() for x in s["sessions"]}
        self.assertEqual(len(served), PLACES)
        channel = self.daemon.channel()
        ages = {}
        for s in sessions:
            if s not in served:
                ages[s] = channel.must("session.events", session_id=s, after=0)["events"][0]["at"]
        # Ten places become free: ten who waited longest take them.
        for agent, snapshot in list(zip(agents, used()))[:10]:
            agent.must("session.close", session_id=snapshot["sessions"][0]["session_id"])
        self.eventually(lambda: sum(len(s["sessions"]) for s in used()) == PLACES)
        new = [x["session_id"] for s in used() for x in s["sessions"] if x["session_id"] in ages]
        self.assertEqual(len(new), 10)
        limit = sorted(ages.values())[9]
        for s in new:
            self.assertLessEqual(ages[s], limit, "a newer waiter was served before an older one")


if __name__ == "__main__":
    unittest.main(verbosity=2)
