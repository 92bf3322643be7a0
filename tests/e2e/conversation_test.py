"""The main job, as channel, customer and agent see it."""
import json
import os
import subprocess
import time
import unittest

from daemon_fixture import Daemon, DaemonCase, agents_yaml, channels_yaml

DISPATCH = """
groups:
  - {id: general, name: General, strategy: longest_idle}
  - {id: vip, name: Vip, strategy: longest_idle, offer: {accept: manual, timeout: 1s, missed_limit: 2}}
  - {id: empty, name: Empty}
rules:
  - {name: vip, when: 'request.intent == "vip"', steps: [{group: vip}]}
  - {name: leave, when: 'request.intent == "night"', steps: [{leave_message: true}]}
  - {name: everyone, steps: [{group: general}]}
texts:
  en: {welcome: "Welcome, {customer.name}", closing: "Goodbye", nobody_there: "Nobody is here now"}
session: {reconnect_grace: 1s}
""" + channels_yaml("app", "web") + agents_yaml({"lin": (["general"], 3), "chen": (["general"], 3),
                                               "vera": (["vip"], 2), "victor": (["vip"], 2)})


class Conversation(DaemonCase):
    dispatch = DISPATCH

    def open(self, channel, customer, request="r1", **more):
        return channel.must("session.open", request_id=request, customer={"id": customer, "name": "Ann"}, **more)["session_id"]

    def served(self, customer="u1", agent="lin"):
        channel, agent = self.daemon.channel(), self.daemon.agent(agent)
        session = self.open(channel, customer)
        agent.wait_event(session, "assigned")
        return channel, agent, session

    def test_a_request_is_queued_assigned_answered_and_kept(self):
        channel, agent, session = self.served()
        channel.must("session.subscribe", session_id=session, after=0)
        self.assertIsNone(channel.say(session, "m1", "hello")[0])
        agent.wait_event(session, "message", lambda m: m["body"] == {"text": "hello"})
        agent.must("session.send", session_id=session, client_msg_id="a1", type="text", body={"text": "good day"})
        channel.wait_event(session, "message", lambda m: m["from"] == {"role": "agent", "id": "lin", "name": "Lin"})
        agent.must("session.close", session_id=session, reason="done")
        channel.wait_event(session, "closed")
        channel.must("session.rate", session_id=session, score=5)
        events = self.events(channel, session)
        self.assertEqual([e["type"] for e in events if e["type"] != "message"],
                         ["opened", "identified", "queued", "assigned", "closed", "rated"])
        texts = [m["body"]["text"] for m in self.of_type(events, "message")]
        self.assertEqual(texts, ["Welcome, Ann", "hello", "good day", "Goodbye"])

    def test_every_reader_sees_one_order_and_prev_names_the_event_before(self):
        channel, agent, session = self.served()
        agent.must("session.note", session_id=session, body={"text": "for us only"})
        channel.say(session, "m1", "hello")
        for client, notes in ((channel, 0), (agent, 1)):
            events = self.events(client, session)
            self.assertEqual(len(self.of_type(events, "note")), notes)
            self.assertEqual([e["prev"] for e in events[1:]], [e["seq"] for e in events[:-1]])

    def test_the_same_key_gives_the_same_answer_and_other_content_is_refused(self):
        channel, _, session = self.served()
        first = channel.say(session, "m1", "hello")
        self.assertEqual(channel.say(session, "m1", "hello"), first)
        self.refused("already_exists", channel.say(session, "m1", "other"))
        self.assertEqual(len(self.of_type(self.events(channel, session), "message")), 2)

    def test_a_repeated_open_finds_its_session_also_after_the_close_and_a_restart(self):
        channel, agent, session = self.served()
        self.assertEqual(self.open(channel, "u1"), session)
        agent.must("session.close", session_id=session)
        self.assertEqual(self.open(channel, "u1"), session)
        self.daemon.kill()
        self.daemon.start()
        channel = self.daemon.channel()
        self.assertEqual(self.open(channel, "u1"), session)
        self.refused("already_exists", channel.call("session.open", request_id="r1", customer={"id": "u1"}, intent="vip"))

    def test_a_new_request_joins_the_live_session_and_continues_a_closed_one_with_the_same_agent(self):
        channel, agent, session = self.served()
        self.daemon.agent("chen")
        self.assertEqual(self.open(channel, "u1", "r2"), session)
        agent.must("session.close", session_id=session)
        second = self.open(channel, "u1", "r3")
        self.assertNotEqual(second, session)
        agent.wait_event(second, "assigned")
        self.assertEqual(self.of_type(self.events(channel, second), "opened")[0]["continues"], session)

    def test_a_page_of_events_goes_on_past_what_its_reader_may_not_see(self):
        app, lin, session = self.served()
        for i in range(600):
            lin.must("session.note", session_id=session, body={"text": f"note {i}"})
        app.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "after all notes"})
        after, seen = 0, []
        for _ in range(20):
            page = app.must("session.events", session_id=session, after=after)
            seen += page["events"]
            if not page["more"]:
                break
            after = page["events"][-1]["seq"]
        self.assertEqual([m["body"]["text"] for m in self.of_type(seen, "message")], ["Welcome, Ann", "after all notes"])

    def test_a_session_that_is_over_leaves_memory_also_when_it_was_read(self):
        app, lin, session = self.served()
        lin.must("session.close", session_id=session)

        def in_memory():
            status = subprocess.run([os.environ["SWITCHBOARDCTL"], "--socket", os.path.join(self.daemon.folder, "control.sock"),
                                     "-o", "json", "status"], capture_output=True, text=True, timeout=30, check=True)
            return json.loads(status.stdout)["data"]["actors"]["session"]

        self.eventually(lambda: in_memory() == 0, 30)
        self.assertTrue(self.events(app, session))
        self.eventually(lambda: in_memory() == 0, 30, "it was read, and stays for ever")

    def test_a_recalled_message_is_shown_to_nobody(self):
        channel, agent, session = self.served()
        seq = channel.say(session, "m1", "a secret")[1]["seq"]
        self.refused("permission_denied", agent.call("session.recall", session_id=session, message_seq=seq))
        channel.must("session.recall", session_id=session, message_seq=seq)
        agent.wait_event(session, "recalled", lambda r: r["message_seq"] == seq)
        for client in (channel, agent):
            self.assertNotIn("a secret", str(self.events(client, session)))
        self.refused("not_found", channel.call("session.recall", session_id=session, message_seq=1))

    def test_read_marks_and_typing_reach_the_other_side(self):
        channel, agent, session = self.served()
        channel.must("session.subscribe", session_id=session, after=0)
        seq = channel.say(session, "m1", "hello")[1]["seq"]
        agent.must("session.read", session_id=session, message_seq=seq)
        channel.wait_event(session, "read", lambda r: r["message_seq"] == seq and r["by"]["id"] == "lin")
        agent.must("session.typing", session_id=session)
        typing = channel.wait_event(session, "typing")
        self.assertNotIn("seq", typing)

    def test_a_reader_that_reconnects_misses_nothing_and_sees_nothing_twice(self):
        channel, agent, session = self.served()
        channel.must("session.subscribe", session_id=session, after=0)
        for i in range(100):
            agent.must("session.send", session_id=session, client_msg_id=f"a{i}", type="text", body={"text": str(i)})
        channel.wait_event(session, "message", lambda m: m["body"].get("text") == "50")
        seen = [e["seq"] for n, e in channel.events if n == "session.event" and "seq" in e]
        channel.close()
        for i in range(100, 150):
            agent.must("session.send", session_id=session, client_msg_id=f"a{i}", type="text", body={"text": str(i)})
        again = self.daemon.channel()
        again.must("session.subscribe", session_id=session, after=max(seen))
        again.wait_event(session, "message", lambda m: m["body"]["text"] == "149")
        seen += [e["seq"] for n, e in again.events if n == "session.event" and "seq" in e]
        self.assertEqual(seen, [e["seq"] for e in self.events(again, session)])

    def test_a_transfer_keeps_the_age_and_reaches_the_group_the_agent_or_the_rules_choice(self):
        channel, agent, session = self.served()
        other = self.daemon.agent("chen")
        opened = self.events(channel, session)[0]["at"]
        self.refused("failed_precondition", agent.call("session.transfer", session_id=session, to={"group": "nowhere"}))
        self.refused("invalid_argument", agent.call("session.transfer", session_id=session, to={"agent": "lin"}))
        self.refused("invalid_argument", agent.call("session.transfer", session_id=session, to={}))
        self.refused("permission_denied", other.call("session.transfer", session_id=session, to={"group": "general"}))
        agent.must("session.transfer", session_id=session, to={"agent": "chen"}, note="knows the case")
        other.wait_event(session, "assigned")
        self.refused("permission_denied", agent.say(session, "x", "still me?"))
        other.must("session.transfer", session_id=session, to={"route": True})
        kept = self.eventually(lambda: self.of_type(self.events(channel, session), "assigned")[2:])
        self.assertIn(kept[0]["agent"]["id"], ("lin", "chen"))
        self.assertEqual(self.events(channel, session)[0]["at"], opened)

    def test_a_manual_offer_moves_on_when_declined_or_missed_and_one_accept_wins(self):
        channel = self.daemon.channel()
        vera, victor = self.daemon.agent("vera"), self.daemon.agent("victor")
        session = self.open(channel, "u1", intent="vip")
        first, second = vera, victor
        try:
            offer = vera.wait_for("agent.offer", lambda o: o["session_id"] == session, 2)
        except AssertionError:
            first, second = victor, vera
            offer = victor.wait_for("agent.offer", lambda o: o["session_id"] == session, 2)
        first.must("agent.decline", offer_id=offer["offer_id"], reason="lunch")
        first.wait_for("agent.offer_withdrawn", lambda o: o["offer_id"] == offer["offer_id"])
        other = second.wait_for("agent.offer", lambda o: o["session_id"] == session)
        self.refused("failed_precondition", first.call("agent.accept", offer_id=offer["offer_id"]))
        second.must("agent.accept", offer_id=other["offer_id"])
        second.wait_event(session, "assigned")
        late = self.refused("failed_precondition", second.call("agent.accept", offer_id=other["offer_id"]))
        self.assertIn("served by", late["message"])

    def test_an_agent_who_misses_offers_is_turned_away_and_the_session_waits_on(self):
        channel, vera = self.daemon.channel(), self.daemon.agent("vera")
        session = self.open(channel, "u1", intent="vip")
        vera.wait_for("agent.offer_withdrawn", lambda o: o["reason"] == "timeout", 5)
        vera.wait_for("agent.state_changed", lambda s: s["state"] == "away", 10)
        victor = self.daemon.agent("victor")
        offer = victor.wait_for("agent.offer", lambda o: o["session_id"] == session)
        victor.must("agent.accept", offer_id=offer["offer_id"])

    def test_two_connections_of_one_agent_both_get_every_push(self):
        channel, agent, session = self.served()
        twin = self.daemon.agent("lin", state=None)
        channel.say(session, "m1", "to both")
        for client in (agent, twin):
            client.wait_event(session, "message", lambda m: m["body"]["text"] == "to both")
        self.assertEqual(len(twin.must("agent.snapshot")["sessions"]), 1)

    def test_an_agent_who_loses_the_line_keeps_the_session_for_the_grace_and_not_longer(self):
        channel, agent, session = self.served()
        agent.close()
        agent = self.daemon.agent("lin", state=None)
        self.assertEqual(agent.must("agent.snapshot")["state"], "online")
        agent.close()
        other = self.daemon.agent("chen")
        other.wait_event(session, "assigned", seconds=10)
        self.assertEqual(len(self.of_type(self.events(channel, session), "left")), 1)

    def test_nobody_there_leaves_a_message(self):
        channel = self.daemon.channel()
        session = self.open(channel, "u1", intent="night")
        self.eventually(lambda: any(c["outcome"] == "left_message" for c in self.of_type(self.events(channel, session), "closed")))
        self.assertIn("Nobody is here now", str(self.events(channel, session)))

    def test_a_consumer_gets_every_event_of_its_channel_in_order_and_goes_on_from_its_cursor(self):
        channel, agent, session = self.served()
        feed = self.daemon.channel()
        feed.must("channel.subscribe", consumer="backend")
        for i in range(20):
            agent.must("session.send", session_id=session, client_msg_id=f"a{i}", type="text", body={"text": str(i)})
        tenth = feed.wait_event(session, "message", lambda m: m["body"]["text"] == "10")
        feed.must("channel.ack", consumer="backend", cursor=tenth["cursor"])
        feed.close()
        self.daemon.kill()
        self.daemon.start()
        feed = self.daemon.channel()
        feed.must("channel.subscribe", consumer="backend")
        feed.wait_event(session, "message", lambda m: m["body"]["text"] == "19")
        texts = [e["message"]["body"]["text"] for n, e in feed.events if n == "session.event" and e["type"] == "message"]
        self.assertEqual(texts, [str(i) for i in range(11, 20)])
        web = self.daemon.channel("web")
        web.must("channel.subscribe", consumer="backend", after=tenth["cursor"])
        self.assertEqual(web.events, [])

    def test_whoever_waits_is_told_the_place_and_gets_it(self):
        channel = self.daemon.channel()
        sessions = [self.open(channel, f"u{i}") for i in range(6)]
        agent = self.daemon.agent("lin")
        for s in sessions[:3]:
            agent.wait_event(s, "assigned")
        # An open is answered before the session stands in its queue.
        for s in sessions[3:]:
            self.eventually(lambda: self.of_type(self.events(channel, s), "queued"))
        agent.must("session.close", session_id=sessions[1])
        # Which of them: the first in its queue, where a session stands a moment after it said so.
        agent.wait_for("session.event", lambda e: e["type"] == "assigned" and e["session_id"] in sessions[3:])
        snapshot = agent.must("agent.snapshot")
        self.assertEqual(snapshot["used"], 3)

    def test_a_terminated_daemon_exits_0_and_goes_on_where_it_stood(self):
        channel, agent, session = self.served()
        waiting = self.open(channel, "u2", intent="vip")
        self.assertEqual(self.daemon.terminate(), 0)
        self.daemon.start()
        channel, agent = self.daemon.channel(), self.daemon.agent("lin", state=None)
        self.assertEqual([s["session_id"] for s in agent.must("agent.snapshot")["sessions"]], [session])
        agent.must("session.send", session_id=session, client_msg_id="a9", type="text", body={"text": "back again"})
        vera = self.daemon.agent("vera")
        vera.wait_for("agent.offer", lambda o: o["session_id"] == waiting)


if __name__ == "__main__":
    unittest.main(verbosity=2)
