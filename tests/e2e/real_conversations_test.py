"""Real conversations through the whole system: the stored transcripts are the originals, turn by turn."""
import json
import os
import subprocess
import sys
import unittest

from daemon_fixture import Daemon, DaemonCase, agents_yaml, channels_yaml

HERE = os.path.dirname(os.path.abspath(__file__))
# Conversations of the Action-Based Conversations Dataset, where they lie beside the project; else the project's own.
SAMPLE = os.environ.get("SWITCHBOARD_CONVERSATIONS", os.path.join(HERE, "..", "..", "..", "shared", "data", "abcd_sample.json"))
KINDS = {"member": "members.jsonl", "product": "products.jsonl", "trade": "orders.jsonl"}


class RealConversations(DaemonCase):
    dispatch = ("groups:\n  - {id: desk, name: Desk}\n"
                "rules:\n  - {name: everyone, steps: [{group: desk}]}\n" + channels_yaml("web") + agents_yaml({"lin": (["desk"], 10)}))

    def setUp(self):
        self.daemon = Daemon(self.dispatch)
        self.addCleanup(self.daemon.remove)
        converted = os.path.join(self.daemon.folder, "converted")
        subprocess.run([sys.executable, os.path.join(HERE, "abcd_convert.py"), "--input", SAMPLE, "--output", converted],
                       check=True, stdout=subprocess.DEVNULL)
        for kind, name in KINDS.items():
            subprocess.run([os.environ["SWITCHBOARDCTL"], "center", "import", kind, os.path.join(converted, name), "--dir",
                            os.path.join(self.daemon.folder, "centers")], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(converted, "requests.jsonl"), encoding="utf-8") as lines:
            self.conversations = [json.loads(line) for line in lines]
        self.daemon.start()

    def test_stored_transcripts_equal_the_originals_turn_by_turn(self):
        channel, agent = self.daemon.channel("web"), self.daemon.agent("lin")
        self.assertGreater(len(self.conversations), 1)
        orders_seen = 0
        for conversation in self.conversations:
            session = channel.must("session.open", request_id=conversation["request_id"], customer=conversation["customer"],
                                   intent=conversation.get("intent", ""))["session_id"]
            agent.wait_event(session, "assigned")
            for n, turn in enumerate(conversation["turns"]):
                side = channel if turn["from"] == "customer" else agent
                side.must("session.send", session_id=session, client_msg_id=f"t{n}", type="text", body={"text": turn["text"]})
            stored = [(m["from"]["role"], m["body"]["text"]) for m in self.of_type(self.events(agent, session), "message")]
            self.assertEqual(stored, [(t["from"], t["text"]) for t in conversation["turns"]])
            identified = self.of_type(self.events(agent, session), "identified")[0]
            self.assertEqual(identified.get("degraded", []), [])
            self.assertTrue(identified["member"]["name"])
            orders = agent.must("order.list", member_id=identified["member"]["id"])["orders"]
            orders_seen += len(orders)
            agent.must("session.close", session_id=session)
        self.assertGreater(orders_seen, 0)

    def test_one_person_on_two_channels_has_one_trail(self):
        channel, agent = self.daemon.channel("web"), self.daemon.agent("lin")
        customer = dict(self.conversations[0]["customer"])
        first = channel.must("session.open", request_id="x1", customer=customer)["session_id"]
        agent.wait_event(first, "assigned")
        agent.must("session.close", session_id=first)
        customer["id"] = "another-device"
        second = channel.must("session.open", request_id="x2", customer=customer)["session_id"]
        agent.wait_event(second, "assigned")
        member = self.of_type(self.events(agent, second), "identified")[0]["member"]["id"]
        self.assertEqual(self.of_type(self.events(agent, first), "identified")[0]["member"]["id"], member)
        person = "m:" + member
        def sessions():
            trail = agent.must("customer.history", customer_id=person)["entries"]
            return sorted(e["session"] for e in trail if e["kind"] == "session")

        self.eventually(lambda: sessions() == sorted([first, second]))
        known = agent.must("customer.get", customer_id=person)
        self.assertEqual(len(known["identities"]), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
