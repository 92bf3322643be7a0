"""What comes over the wire: taken as it was sent, or refused by its field, once; and what is said twice."""
import struct
import time
import unittest

import msgpack

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

DISPATCH = """
groups:
  - {id: general, name: General, strategy: longest_idle}
  - {id: second, name: Second, strategy: longest_idle}
rules:
  - {name: everyone, steps: [{group: general}]}
""" + channels_yaml("app") + agents_yaml({"lin": (["general"], 5), "chen": (["second"], 5), "mei": (["general"], 5, "supervisor")})

NOT_UTF8 = b"\xa2a\xff"
EXT = b"\xd4\x05\x01"
NOT_A_NUMBER = b"\xcb" + struct.pack(">d", float("nan"))
TOO_LARGE = b"\xcf" + struct.pack(">Q", 2**53 + 1)
KEY_NO_TEXT = b"\x81\x07\x01"
TWICE = b"\x82\xa1a\x01\xa1a\x02"


class Raw(bytes):
    """Bytes that stand for themselves in a message."""


def packed(value):
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, dict):
        return msgpack.Packer().pack_map_header(len(value)) + b"".join(packed(k) + packed(v) for k, v in value.items())
    if isinstance(value, list):
        return msgpack.Packer().pack_array_header(len(value)) + b"".join(packed(v) for v in value)
    return msgpack.packb(value)


def call_raw(client, method, params):
    client.next_id += 1
    client.socket.sendall(b"\x94\x00" + msgpack.packb(client.next_id) + packed(method) + b"\x91" + packed(params))
    while True:
        message = client.receive()
        if message[0] == 1 and message[1] == client.next_id:
            return message[2], message[3]
        client.take(message)


class Wire(DaemonCase):
    dispatch = DISPATCH

    def open(self, channel, customer="u1", request="r1", **more):
        return channel.must("session.open", request_id=request, customer={"id": customer}, **more)["session_id"]

    def served(self, customer="u1"):
        channel, agent = self.daemon.channel(), self.daemon.agent("lin")
        session = self.open(channel, customer)
        agent.wait_event(session, "assigned")
        return channel, agent, session

    def body(self, session, value, key="x1"):
        return {"session_id": session, "client_msg_id": key, "type": "text", "body": {"text": "t", "x": value}}

    def messages(self, client, session):
        return [m["body"] for m in self.of_type(self.events(client, session), "message")]

    # -- what is taken

    def test_what_no_client_could_read_is_refused_by_its_field_and_the_line_goes_on(self):
        channel, agent, session = self.served()
        for harm in (NOT_UTF8, EXT, NOT_A_NUMBER, TOO_LARGE, KEY_NO_TEXT):
            for where, value in (("body.x", Raw(harm)), ("body.x.1", [1, Raw(harm)])):
                why = self.refused("invalid_argument", call_raw(channel, "session.send", self.body(session, value)))
                self.assertEqual(why["field"], where)
        self.assertEqual(self.refused("invalid_argument", call_raw(channel, "session.send", self.body(session, Raw(TWICE))))["field"],
                         "body.x.a")
        for method, params, field in (
                ("session.note", {"session_id": session, "body": {"text": Raw(NOT_UTF8)}}, "body.text"),
                ("session.tag", {"session_id": session, "add": ["a", Raw(NOT_UTF8)]}, "add.1"),
                ("customer.update", {"customer_id": "c:app:u1", "fields": {"note": Raw(NOT_UTF8)}}, "fields.note"),
                ("session.tag", {"session_id": session, "unknown": Raw(EXT)}, "unknown")):
            self.assertEqual(self.refused("invalid_argument", call_raw(agent, method, params))["field"], field)
        opening = {"request_id": "r9", "customer": {"id": "u9"}, "attributes": {"level": Raw(NOT_A_NUMBER)}}
        self.assertEqual(self.refused("invalid_argument", call_raw(channel, "session.open", opening))["field"], "attributes.level")
        # Nothing of it was kept, and both lines serve on.
        self.assertIsNone(channel.say(session, "m1", "hello")[0])
        agent.wait_event(session, "message", lambda m: m["body"] == {"text": "hello"})
        self.assertEqual(self.messages(channel, session), [{"text": "hello"}])

    def test_a_notification_with_such_a_value_is_dropped_and_the_line_goes_on(self):
        channel, _, session = self.served()
        channel.socket.sendall(b"\x93\x02" + msgpack.packb("session.typing") + b"\x91" + packed({"session_id": session, "x": Raw(EXT)}))
        self.assertIsNone(channel.say(session, "m1", "hello")[0])

    def test_the_name_of_an_unknown_method_is_cut_between_characters(self):
        channel = self.daemon.channel()
        why = self.refused("unimplemented", channel.call("好" * 40))
        self.assertEqual(why["message"], "unknown method " + "好" * 21)

    def test_whole_numbers_are_integers_however_they_are_written(self):
        channel, agent, session = self.served()
        channel.must("session.subscribe", session_id=session, after=0.0)
        channel.say(session, "m1", "hello")
        agent.must("session.snooze", session_id=session, until=float(int(time.time() + 3600) * 1000))
        agent.must("session.wake", session_id=session)
        self.assertEqual(self.refused("invalid_argument", channel.call("session.events", session_id=session, after=0.5))["field"], "after")
        agent.wait_event(session, "assigned")
        agent.must("session.close", session_id=session)
        channel.must("session.rate", session_id=session, score=5.0)

    def test_what_was_sent_in_a_body_is_what_is_delivered(self):
        channel, agent, session = self.served()
        sent = {"text": "t", "whole": 1.0, "zero": 0.0, "int": 1, "half": 0.5, "list": [2.0, 2, None, True, b"\xff"], "map": {"k": -3.0}}
        channel.must("session.send", session_id=session, client_msg_id="m1", type="text", body=sent)
        got = agent.wait_event(session, "message")["message"]["body"]
        self.assertEqual(repr(got), repr(sent))
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(repr(self.messages(self.daemon.channel(), session)), repr([sent]))

    # -- what is said twice

    def test_a_message_that_comes_with_a_request_is_stored_once_whichever_way_it_comes(self):
        channel, agent = self.daemon.channel(), self.daemon.agent("lin")
        hello = {"client_msg_id": "m0", "type": "text", "body": {"text": "hello"}}
        session = self.open(channel, message=hello)
        agent.wait_event(session, "assigned")
        seq = [e["seq"] for e in self.events(channel, session) if e["type"] == "message"]
        self.assertEqual(self.open(channel, request="r2", message=hello), session)
        self.assertEqual([channel.must("session.send", session_id=session, **hello)["seq"]], seq)
        channel.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "more"})
        more = {"client_msg_id": "m1", "type": "text", "body": {"text": "more"}}
        self.open(channel, request="r3", message=more)
        self.daemon.kill()
        self.daemon.start()
        channel = self.daemon.channel()
        self.open(channel, request="r4", message=hello)
        self.open(channel, request="r5", message=more)
        self.assertEqual(self.messages(channel, session), [{"text": "hello"}, {"text": "more"}])

    def test_another_message_under_a_known_key_is_refused_whichever_way_it_comes(self):
        channel, agent, session = self.served()
        channel.say(session, "m1", "hello")
        other = {"client_msg_id": "m1", "type": "text", "body": {"text": "other"}}
        why = self.refused("already_exists", channel.call("session.open", request_id="r2", customer={"id": "u1"}, message=other))
        self.assertEqual(why["field"], "message.client_msg_id")
        # The request was not taken, so its id is free for a better one.
        other["client_msg_id"] = "m2"
        self.open(channel, request="r2", message=other)
        self.refused("already_exists", channel.say(session, "m2", "third"))
        self.assertEqual(self.messages(channel, session), [{"text": "hello"}, {"text": "other"}])
        # An agent's words to the customer and to colleagues have one space of keys, apart from the customer's.
        self.assertIsNone(agent.say(session, "m1", "good day")[0])
        self.refused("already_exists", agent.call("session.whisper", session_id=session, client_msg_id="m1", type="text",
                                                  body={"text": "good day"}))

    def test_the_same_request_with_other_fields_under_its_op_id_is_refused(self):
        channel, agent, session = self.served()
        agent.must("session.tag", session_id=session, op_id="o1", add=["vip"])
        agent.must("session.tag", session_id=session, op_id="o1", add=["vip"])
        for other in ({"add": ["vip", "new"]}, {"remove": ["vip"]}, {"add": ["vip"], "remove": ["x"]}):
            why = self.refused("already_exists", agent.call("session.tag", session_id=session, op_id="o1", **other))
            self.assertEqual(why["field"], "op_id")
        self.refused("already_exists", agent.call("session.note", session_id=session, op_id="o1", body={"text": "vip"}))
        self.daemon.agent("chen")
        first = agent.must("session.transfer", session_id=session, op_id="t1", to={"group": "second"}, note="a")
        self.assertEqual(agent.must("session.transfer", session_id=session, op_id="t1", to={"group": "second"}, note="a", mode="cold"), first)
        for other in ({"note": "b"}, {"note": "a", "mode": "warm"}):
            self.refused("already_exists", agent.call("session.transfer", session_id=session, op_id="t1", to={"group": "second"}, **other))
        self.refused("already_exists", agent.call("session.transfer", session_id=session, op_id="t1", to={"route": True}, note="a"))

    def test_a_customers_change_under_a_known_op_id_is_refused_with_other_fields_also_after_a_restart(self):
        channel, agent, _ = self.served()
        person = {"customer_id": "c:app:u1"}
        agent.must("customer.tag", op_id="o1", add=["gold"], **person)
        agent.must("lead.create", op_id="l1", fields={"title": "Lamp"}, **person)
        self.daemon.kill()
        self.daemon.start()
        agent = self.daemon.agent("lin")
        agent.must("customer.tag", op_id="o1", add=["gold"], **person)
        self.refused("already_exists", agent.call("customer.tag", op_id="o1", remove=["gold"], **person))
        agent.must("lead.create", op_id="l1", fields={"title": "Lamp"}, **person)
        self.refused("already_exists", agent.call("lead.create", op_id="l1", fields={"title": "Lamp", "value": 5}, **person))
        self.assertEqual(len(agent.must("lead.list", **person)["leads"]), 1)

    def test_a_repetition_with_its_maps_in_another_order_is_the_same(self):
        channel, _, session = self.served()
        first = channel.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "t", "a": 1, "b": {"c": 2, "d": 3}})
        again = channel.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"b": {"d": 3, "c": 2}, "a": 1, "text": "t"})
        self.assertEqual(again, first)


if __name__ == "__main__":
    unittest.main()
