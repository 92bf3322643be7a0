"""A session goes from hand to hand: the customer always has one owner or a place, and an agent never more than there is room for."""
import time
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

DISPATCH = """
groups:
  - {id: general, name: General}
  - {id: second, name: Second}
  - {id: manual, name: Manual, offer: {accept: manual, timeout: 20s}}
  - {id: wrapped, name: Wrapped, wrap_up: {mode: timed, time: 60s, holds_capacity: true}}
  - {id: empty, name: Empty}
  - {id: tiny, name: Tiny, queue: {max: 0}}
  - {id: shut, name: Shut, calendar: never}
calendars:
  never: {timezone: UTC, weekly: {mon: "00:00-00:01"}, holidays: []}
rules:
  - {name: manual, when: 'request.intent == "manual"', steps: [{group: manual}]}
  - {name: wrapped, when: 'request.intent == "wrapped"', steps: [{group: wrapped}]}
  - {name: second, when: 'request.intent == "second"', steps: [{group: second}]}
  - {name: everyone, steps: [{group: general}]}
session: {reconnect_grace: 1s, transfer_limit: 5s, joint_limit: 4s}
""" + channels_yaml("app") + agents_yaml({
    "lin": (["general", "wrapped"], 1), "chen": (["second"], 2), "vera": (["manual"], 2), "sun": (["second", "manual"], 2)})


class Transfer(DaemonCase):
    dispatch = DISPATCH

    def served(self, customer="u1", agent="lin", **more):
        app, owner = self.daemon.channel(), self.daemon.agent(agent)
        session = app.must("session.open", request_id="r1", customer={"id": customer, "name": "Ann"}, **more)["session_id"]
        owner.wait_event(session, "assigned")
        return app, owner, session

    def owner_of(self, app, session):
        """Who serves it by its own record, or None while it waits."""
        owner = None
        for e in self.events(app, session):
            if e["type"] == "assigned":
                owner = e["assigned"]["agent"]["id"]
            elif e["type"] in ("transferred", "closed") or (e["type"] == "left" and e["left"]["who"]["id"] == owner):
                owner = None
        return owner

    def used(self, client):
        return client.must("agent.snapshot")["used"]

    def types(self, client, session):
        return [e["type"] for e in self.events(client, session)]

    def test_what_is_handed_on_cold_where_only_the_giver_is_waits_for_somebody_else_and_comes_back_at_the_limit(self):
        app, chen, session = self.served(agent="chen", intent="second")
        chen.must("session.transfer", session_id=session, to={"group": "second"})
        time.sleep(1)
        self.assertEqual((self.owner_of(app, session), self.used(chen)), (None, 0))
        self.assertIn("chen, who has handed it on", str(chen.must("session.why", session_id=session)))
        chen.wait_event(session, "assigned", lambda a: a["agent"]["id"] == "chen" and self.owner_of(app, session) == "chen", seconds=15)
        self.assertEqual([e["cause"] for e in self.of_type(self.events(chen, session), "transfer_ended")], ["timeout"])
        # Somebody else comes in time.
        chen.must("session.transfer", session_id=session, to={"group": "second"})
        sun = self.daemon.agent("sun")
        sun.wait_event(session, "assigned", lambda a: a["agent"]["id"] == "sun")

    def test_warm_the_new_agent_joins_while_the_old_still_serves_and_completing_hands_over(self):
        app, lin, session = self.served()
        chen = self.daemon.agent("chen")
        transfer = lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="warm", note="a refund", op_id="t1")
        self.assertEqual(lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="warm", note="a refund", op_id="t1"), transfer)
        chen.wait_event(session, "joined", lambda j: j["as"] == "warm")
        self.assertEqual(self.owner_of(app, session), "lin")
        self.assertEqual((self.used(lin), self.used(chen)), (1, 1))
        chen.must("session.send", session_id=session, client_msg_id="c1", type="text", body={"text": "good day"})
        lin.must("session.send", session_id=session, client_msg_id="l1", type="text", body={"text": "my colleague is here"})
        self.refused("permission_denied", chen.call("session.close", session_id=session))
        lin.must("session.transfer_complete", transfer_id=transfer["transfer_id"])
        chen.wait_event(session, "assigned", lambda a: a["agent"]["id"] == "chen")
        self.assertEqual(self.owner_of(app, session), "chen")
        self.eventually(lambda: (self.used(lin), self.used(chen)) == (0, 1))
        self.refused("permission_denied", lin.say(session, "l2", "still me?"))
        self.refused("failed_precondition", chen.call("session.transfer_complete", transfer_id=transfer["transfer_id"]))
        chen.must("session.close", session_id=session)
        self.eventually(lambda: self.used(chen) == 0)

    def test_a_consulted_agent_is_heard_by_the_owner_and_not_by_the_customer(self):
        app, lin, session = self.served()
        app.must("session.subscribe", session_id=session, after=0)
        chen = self.daemon.agent("chen")
        transfer = lin.must("session.transfer", session_id=session, to={"group": "second"}, mode="consult", note="what now?")
        chen.wait_event(session, "joined", lambda j: j["as"] == "consult")
        self.assertIn("what now?", str(self.events(chen, session)))
        chen.must("session.whisper", session_id=session, client_msg_id="w1", type="text", body={"text": "give a voucher"})
        lin.wait_event(session, "whispered", lambda w: w["body"]["text"] == "give a voucher")
        self.refused("permission_denied", chen.say(session, "c1", "hello customer"))
        self.assertEqual(self.owner_of(app, session), "lin")
        seen = str(self.events(app, session)) + str(app.events)
        for word in ("voucher", "chen", "Chen", "joined", "what now?"):
            self.assertNotIn(word, seen)
        lin.must("session.transfer_cancel", transfer_id=transfer["transfer_id"])
        self.eventually(lambda: self.used(chen) == 0)
        self.assertNotIn("left", self.types(app, session))
        self.refused("permission_denied", chen.call("session.events", session_id=session, after=0))

    def test_a_consult_may_be_completed_into_a_transfer(self):
        app, lin, session = self.served()
        chen = self.daemon.agent("chen")
        transfer = lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="consult")["transfer_id"]
        chen.wait_event(session, "joined")
        lin.must("session.transfer_complete", transfer_id=transfer)
        self.eventually(lambda: self.owner_of(app, session) == "chen")
        self.eventually(lambda: (self.used(lin), self.used(chen)) == (0, 1))

    def test_in_a_conference_several_speak_and_one_owns_and_each_holds_room(self):
        app, lin, session = self.served()
        chen, sun = self.daemon.agent("chen"), self.daemon.agent("sun")
        for name, client in (("chen", chen), ("sun", sun)):
            lin.must("session.transfer", session_id=session, to={"agent": name}, mode="conference")
            client.wait_event(session, "joined", lambda j, name=name: j["who"]["id"] == name)
        self.assertEqual([self.used(c) for c in (lin, chen, sun)], [1, 1, 1])
        for client, key in ((lin, "1"), (chen, "2"), (sun, "3")):
            client.must("session.send", session_id=session, client_msg_id=key, type="text", body={"text": "from " + key})
        self.assertEqual([m["from"]["id"] for m in self.of_type(self.events(app, session), "message")], ["lin", "chen", "sun"])
        sun.must("session.leave", session_id=session)
        self.eventually(lambda: self.used(sun) == 0)
        self.refused("permission_denied", sun.say(session, "4", "gone"))
        lin.must("session.remove", session_id=session, agent="chen")
        self.eventually(lambda: self.used(chen) == 0)
        lin.must("session.close", session_id=session)

    def test_who_is_in_the_conference_takes_over_when_the_owner_is_lost(self):
        app, lin, session = self.served()
        chen = self.daemon.agent("chen")
        lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="conference")
        chen.wait_event(session, "joined")
        lin.close()
        self.eventually(lambda: self.owner_of(app, session) == "chen")
        self.eventually(lambda: self.used(chen) == 1)

    def test_an_agent_is_not_joined_beyond_the_room_there_is(self):
        app, lin, session = self.served()
        sun = self.daemon.agent("sun")
        for n in range(2):
            app.must("session.open", request_id="x", customer={"id": f"x{n}"}, intent="second")
        self.eventually(lambda: self.used(sun) == 2)
        refused = self.refused("failed_precondition", lin.call("session.transfer", session_id=session, to={"agent": "sun"}, mode="warm"))
        self.assertEqual(refused["field"], "to.agent")
        self.assertIn("room: 0 of 2", refused["message"])
        self.assertEqual(self.used(sun), 2)
        away = self.refused("failed_precondition", lin.call("session.transfer", session_id=session, to={"agent": "vera"}, mode="consult"))
        self.assertIn("offline", away["message"])
        self.assertEqual(self.owner_of(app, session), "lin")

    def test_a_join_is_offered_where_the_group_accepts_by_hand_and_says_who_asks(self):
        app, lin, session = self.served()
        vera = self.daemon.agent("vera")
        transfer = lin.must("session.transfer", session_id=session, to={"group": "manual"}, mode="warm", note="please")["transfer_id"]
        offer = vera.wait_for("agent.offer")
        self.assertEqual(offer["transfer"], {"transfer_id": transfer, "mode": "warm", "by": {"role": "agent", "id": "lin", "name": "Lin"},
                                             "note": "please"})
        sun = self.daemon.agent("sun")
        vera.must("agent.decline", offer_id=offer["offer_id"], reason="busy")
        vera.wait_for("agent.offer_withdrawn", lambda o: o["offer_id"] == offer["offer_id"])
        self.assertEqual(self.owner_of(app, session), "lin")
        offer = sun.wait_for("agent.offer", seconds=4)
        sun.must("agent.accept", offer_id=offer["offer_id"])
        sun.wait_event(session, "joined", lambda j: j["who"]["id"] == "sun")
        late = self.refused("failed_precondition", sun.call("agent.accept", offer_id=offer["offer_id"]))
        self.assertIn("served by lin", late["message"])

    def test_a_transfer_nobody_accepts_ends_and_the_owner_never_lost_it(self):
        app, lin, session = self.served()
        transfer = lin.must("session.transfer", session_id=session, to={"group": "empty"}, mode="warm")["transfer_id"]
        self.refused("aborted", lin.call("session.transfer", session_id=session, to={"group": "second"}, mode="cold"))
        self.eventually(lambda: any(e["cause"] == "timeout" for e in self.of_type(self.events(lin, session), "transfer_ended")), seconds=12)
        self.assertEqual(self.owner_of(app, session), "lin")
        self.refused("failed_precondition", lin.call("session.transfer_complete", transfer_id=transfer))

    def test_a_warm_transfer_left_open_is_completed_and_a_consult_ends(self):
        app, lin, session = self.served()
        chen = self.daemon.agent("chen")
        lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="warm")
        chen.wait_event(session, "joined")
        chen.wait_event(session, "assigned", seconds=8)
        chen.must("session.transfer", session_id=session, to={"agent": "lin"}, mode="consult")
        lin.wait_event(session, "joined", lambda j: j["as"] == "consult")
        self.eventually(lambda: self.used(lin) == 0, seconds=8)
        self.assertEqual(self.owner_of(app, session), "chen")

    def test_a_cold_transfer_is_recalled_until_it_is_accepted_and_comes_back_to_who_had_it(self):
        for mode in ("full", "empty", "same", "offered"):
            with self.subTest(mode):
                app, lin, session = self.served("u-" + mode)
                vera = self.daemon.agent("vera") if mode == "offered" else None
                opened = self.events(app, session)[0]["at"]
                target = {"full": "tiny", "empty": "empty", "same": "general", "offered": "manual"}[mode]
                transfer = lin.must("session.transfer", session_id=session, to={"group": target}, note="for you")["transfer_id"]
                if mode == "offered":
                    offer = vera.wait_for("agent.offer", lambda o: o["session_id"] == session)
                    self.assertEqual(offer["transfer"]["note"], "for you")
                if mode == "same":
                    # The only one there gets it back, and it is no longer under way.
                    self.eventually(lambda: self.owner_of(app, session) == "lin")
                    self.assertIn("served by lin", self.refused("failed_precondition", lin.call(
                        "session.transfer_cancel", transfer_id=transfer))["message"])
                else:
                    self.assertIsNone(self.owner_of(app, session))
                    lin.must("session.transfer_cancel", transfer_id=transfer)
                    self.eventually(lambda: self.owner_of(app, session) == "lin")
                if mode == "offered":
                    vera.wait_for("agent.offer_withdrawn", lambda o: o["offer_id"] == offer["offer_id"])
                    self.refused("failed_precondition", vera.call("agent.accept", offer_id=offer["offer_id"]))
                self.assertEqual(self.events(app, session)[0]["at"], opened)
                self.eventually(lambda: self.used(lin) == 1)
                lin.must("session.close", session_id=session)

    def test_a_transfer_to_a_closed_group_or_to_oneself_is_refused_and_nothing_changed(self):
        app, lin, session = self.served()
        before = self.events(app, session)
        for mode in ("cold", "warm", "consult", "conference"):
            self.refused("failed_precondition", lin.call("session.transfer", session_id=session, to={"group": "shut"}, mode=mode))
            self.refused("invalid_argument", lin.call("session.transfer", session_id=session, to={"agent": "lin"}, mode=mode))
        self.assertEqual(self.refused("invalid_argument", lin.call("session.transfer", session_id=session, to={"group": "second"},
                                                                   mode="lukewarm"))["field"], "mode")
        self.assertEqual(self.events(app, session), before)

    def test_a_cold_transfer_to_somebody_who_is_offline_is_refused_and_the_customer_hears_of_nothing(self):
        app, lin, session = self.served()
        before = self.events(app, session)
        wrong = self.refused("failed_precondition", lin.call("session.transfer", session_id=session, to={"agent": "chen"}, mode="cold"))
        self.assertEqual((wrong["field"], wrong["message"]), ("to.agent", "to.agent: chen cannot take it: state: offline"))
        self.assertEqual(self.events(app, session), before)
        self.daemon.agent("chen").must("agent.state", state="away")
        lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="cold")
        time.sleep(1)
        self.assertIsNone(self.owner_of(app, session), "it waits for who was named")

    def test_a_cold_transfer_nobody_accepts_comes_back_although_the_wrap_up_held_the_room(self):
        app, lin, session = self.served(intent="wrapped")
        lin.must("session.transfer", session_id=session, to={"group": "empty"})
        self.eventually(lambda: self.used(lin) == 1 and not lin.must("agent.snapshot")["sessions"])
        self.eventually(lambda: self.owner_of(app, session) == "lin", seconds=12)
        self.assertEqual(lin.must("agent.snapshot")["wrap_ups"], [])

    def test_a_snoozed_session_gives_back_its_room_and_returns_to_its_agent_when_the_customer_writes(self):
        app, lin, session = self.served()
        until = int(time.time() * 1000) + 3_600_000
        lin.must("session.snooze", session_id=session, until=until, reason="waits for the parcel")
        shown = lin.must("agent.snapshot")
        self.assertEqual((shown["used"], shown["sessions"][0]["snoozed_until"]), (0, until))
        other = app.must("session.open", request_id="r2", customer={"id": "u2"})["session_id"]
        lin.wait_event(other, "assigned")
        seq = app.say(session, "m1", "it has come")[1]["seq"]
        self.assertEqual(self.of_type(self.events(app, session), "message")[-1]["message_seq"], seq)
        self.assertIsNone(self.owner_of_by_phase(app, session))
        lin.must("session.close", session_id=other)
        self.eventually(lambda: len(self.of_type(self.events(app, session), "assigned")) == 2)
        self.assertEqual([s["session_id"] for s in lin.must("agent.snapshot")["sessions"]], [session])

    def owner_of_by_phase(self, app, session):
        types = [t for t in self.types(app, session) if t in ("queued", "assigned")]
        return "somebody" if types[-1] == "assigned" else None

    def test_a_snoozed_session_returns_when_its_time_comes_and_outlives_a_restart_and_its_agent_s_night(self):
        app, lin, session = self.served()
        lin.must("session.snooze", session_id=session, until=int(time.time() * 1000) + 4_000)
        lin.must("agent.state", state="offline")
        self.daemon.kill()
        self.daemon.start()
        app, lin = self.daemon.channel(), self.daemon.agent("lin")
        shown = lin.must("agent.snapshot")
        self.assertEqual((shown["used"], [s["session_id"] for s in shown["sessions"]]), (0, [session]))
        lin.wait_event(session, "assigned", seconds=10)
        self.assertEqual(self.of_type(self.events(lin, session), "woken")[0]["cause"], "time")
        self.assertEqual(self.used(lin), 1)

    def test_after_a_kill_who_had_joined_is_there_holds_room_and_may_be_given_the_session(self):
        app, lin, session = self.served()
        chen = self.daemon.agent("chen")
        transfer = lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="warm")["transfer_id"]
        chen.wait_event(session, "joined")
        self.daemon.kill()
        self.daemon.start()
        app, lin, chen = self.daemon.channel(), self.daemon.agent("lin", state=None), self.daemon.agent("chen", state=None)
        self.assertEqual([s["session_id"] for s in chen.must("agent.snapshot")["joined"]], [session])
        self.assertEqual((self.used(lin), self.used(chen)), (1, 1))
        lin.must("session.send", session_id=session, client_msg_id="l1", type="text", body={"text": "we are back"})
        chen.wait_event(session, "message", lambda m: m["body"]["text"] == "we are back")
        lin.must("session.transfer_complete", transfer_id=transfer)
        self.eventually(lambda: (self.used(lin), self.used(chen)) == (0, 1))
        self.assertEqual(self.owner_of(app, session), "chen")

    def test_the_agent_s_pushes_carry_what_its_snapshot_has(self):
        app, lin, session = self.served()
        chen = self.daemon.agent("chen")
        before = chen.must("agent.snapshot")["rev"]
        transfer = lin.must("session.transfer", session_id=session, to={"agent": "chen"}, mode="warm")["transfer_id"]
        joined = chen.wait_for("agent.session", lambda s: s["as"] == "warm")
        self.assertGreater(joined["rev"], before)
        lin.must("session.transfer_complete", transfer_id=transfer)
        owns = chen.wait_for("agent.session", lambda s: s["as"] == "owner" and s["change"] == "began")
        shown = chen.must("agent.snapshot")
        self.assertEqual((shown["joined"], shown["rev"] >= owns["rev"]), ([], True))
        lin.wait_for("agent.session", lambda s: s["as"] == "owner" and s["change"] == "transferred")


if __name__ == "__main__":
    unittest.main(verbosity=2)
