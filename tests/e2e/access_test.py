"""Good clients, wrong clients and hostile bytes at the real port."""
import random
import socket
import unittest

import msgpack

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml

try:
    # The MessagePack-RPC client inside Debian's python3-pynvim, without the greeting it has for Neovim.
    from pynvim.msgpack_rpc import AsyncSession, EventLoop, MsgpackStream, Session
except ImportError:
    Session = None


class Access(DaemonCase):
    dispatch = ("groups:\n  - {id: a, name: A}\nrules:\n  - {name: everyone, steps: [{group: a}]}\n" +
                channels_yaml("app", "web") + agents_yaml({"lin": (["a"], 5)}))

    def raw(self):
        return socket.create_connection(("127.0.0.1", self.daemon.port), timeout=10)

    def read_all(self, connection):
        data = b""
        try:
            while True:
                chunk = connection.recv(65536)
                if not chunk:
                    return data
                data += chunk
        except socket.timeout:
            self.fail("the connection was left open")
        except ConnectionResetError:
            return data

    def test_nothing_is_served_before_hello(self):
        client = self.daemon.channel()
        client.close()
        connection = self.raw()
        connection.sendall(msgpack.packb([0, 1, "session.open", [{}]]))
        answer = msgpack.unpackb(connection.recv(4096))
        self.assertEqual((answer[1], answer[2]["code"]), (1, "unauthenticated"))

    def test_a_wrong_token_is_refused_and_the_line_closed(self):
        connection = self.raw()
        connection.sendall(msgpack.packb([0, 1, "hello", [{"role": "channel", "id": "app", "token": "no", "protocol": 1}]]))
        self.assertIn(b"unauthenticated", self.read_all(connection))

    def test_what_is_wrong_with_a_field_is_said_by_its_name(self):
        channel = self.daemon.channel()
        for params, field in (({}, "request_id"), ({"request_id": 5}, "request_id"), ({"request_id": "r"}, "customer"),
                              ({"request_id": "r", "customer": {}}, "customer.id"),
                              ({"request_id": "r", "customer": {"id": "u", "name": 7}}, "customer.name"),
                              ({"request_id": "r", "customer": {"id": "u"}, "skills": {"x": "high"}}, "skills.x"),
                              ({"request_id": "r", "customer": {"id": "u"}, "message": {"client_msg_id": "m", "type": "smell", "body": {}}}, "message.type"),
                              ({"request_id": "r", "customer": {"id": "u"}, "message": {"client_msg_id": "m", "type": "text", "body": {}}}, "message.body.text")):
            failure = self.refused("invalid_argument", channel.call("session.open", **params))
            self.assertEqual(failure["field"], field)
        self.assertEqual(self.refused("invalid_argument", channel.call("session.close", session_id="s-nonsense"))["field"], "session_id")

    def test_unknown_methods_and_methods_of_other_roles_are_told_apart(self):
        channel, agent = self.daemon.channel(), self.daemon.agent("lin")
        self.refused("unimplemented", channel.call("session.sing"))
        self.refused("permission_denied", channel.call("agent.state", state="online"))
        self.refused("permission_denied", agent.call("session.open", request_id="r", customer={"id": "u"}))
        self.refused("permission_denied", agent.call("admin.status"))

    def test_a_channel_cannot_touch_another_channel_s_session(self):
        app, web = self.daemon.channel("app"), self.daemon.channel("web")
        session = app.must("session.open", request_id="r", customer={"id": "u"})["session_id"]
        self.refused("permission_denied", web.say(session, "m", "mine now"))
        for method, more in (("session.events", {"after": 0}), ("session.subscribe", {"after": 0}), ("session.close", {}),
                             ("session.read", {"message_seq": 1}), ("session.rate", {"score": 5})):
            self.refused("permission_denied", web.call(method, session_id=session, **more))
        unknown = "s00" + session[3:]
        self.refused("not_found", app.call("session.events", session_id=unknown, after=0))

    def test_frames_come_in_pieces_and_many_at_once(self):
        connection = self.raw()
        frames = msgpack.packb([0, 1, "hello", [{"role": "channel", "id": "app", "token": "app", "protocol": 1}]])
        for byte in frames:
            connection.sendall(bytes([byte]))
        unpacker = msgpack.Unpacker(raw=False)
        answers = []

        def read(count):
            while len(answers) < count:
                unpacker.feed(connection.recv(65536))
                answers.extend(unpacker)

        read(1)
        connection.sendall(b"".join(msgpack.packb([0, 2 + i, "session.open", [{"request_id": "r", "customer": {"id": f"u{i}"}}]])
                                    for i in range(200)))
        read(201)
        self.assertEqual(sorted(a[1] for a in answers), list(range(1, 202)))
        self.assertTrue(all(a[2] is None for a in answers))

    def test_hostile_bytes_close_their_own_line_and_harm_nobody(self):
        channel, agent = self.daemon.channel(), self.daemon.agent("lin")
        session = channel.must("session.open", request_id="r", customer={"id": "u"})["session_id"]
        agent.wait_event(session, "assigned")
        before = self.daemon.anonymous_bytes()
        rng = random.Random(11)
        hostile = [b"\xdd\xff\xff\xff\xff", b"\x91" * 100_000, b"\xc1", b"\x94\x00\x01\xdb\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n",
                   msgpack.packb([0, 1, "hello", [{"role": "x" * 100_000}]]), msgpack.packb([7, 1, 2]),
                   msgpack.packb({"a": 1})] + [rng.randbytes(rng.randrange(1, 3000)) for _ in range(60)]
        for i, data in enumerate(hostile):
            connection = self.raw()
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                self.read_all(connection)
            except (BrokenPipeError, ConnectionResetError, OSError):
                pass
            connection.close()
            if i % 10 == 0:
                self.assertIsNone(channel.say(session, f"m{i}", "still here")[0])
        agent.wait_event(session, "message", lambda m: m.get("client_msg_id") == "m60")
        self.assertLess(self.daemon.anonymous_bytes() - before, 64 << 20)

    @unittest.skipIf(Session is None, "python3-pynvim is not installed")
    def test_a_message_pack_rpc_library_of_others_works_as_it_is(self):
        session = Session(AsyncSession(MsgpackStream(EventLoop("tcp", "127.0.0.1", self.daemon.port))))
        hello = session.request("hello", {"role": "channel", "id": "app", "token": "app", "protocol": 1})
        self.assertEqual(hello["protocol"], 1)
        opened = session.request("session.open", {"request_id": "r", "customer": {"id": "nvim"}})
        session.request("session.subscribe", {"session_id": opened["session_id"], "after": 0})
        name, params = session.next_message()[1:3]
        self.assertEqual(name, "session.event")
        self.assertEqual(params[0]["type"], "opened")
        session.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
