"""What a session and a message take on disk: journal and state before and after, as `status` has them.

SWITCHBOARDD names the program; SESSIONS and MESSAGES how many of each. Prints JSON: bytes a session without messages,
and bytes a message of 120 bytes of text.
"""
import json
import os
import select
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from daemon_fixture import Daemon, agents_yaml, channels_yaml, token_of  # noqa: E402

SESSIONS, MESSAGES = int(os.environ.get("SESSIONS", "4000")), int(os.environ.get("MESSAGES", "20"))
TEXT = "x" * 120
WINDOW = 64


def many(client, calls, beside=()):
    """Sends them with a window of calls under way; the results in their order. What comes to others is read and dropped."""
    waiting, results = {}, [None] * len(calls)

    def take():
        for other in beside:
            while select.select([other.socket], [], [], 0)[0]:
                other.unpacker.feed(other.socket.recv(1 << 20))
                for _ in other.unpacker:
                    pass
        message = client.receive()
        if message[0] == 1:
            if message[2] is not None:
                raise AssertionError(message[2])
            results[waiting.pop(message[1])] = message[3]
    for n, (method, params) in enumerate(calls):
        while len(waiting) >= WINDOW:
            take()
        waiting[client.send(method, **params)] = n
    while waiting:
        take()
    return results


def used(admin):
    """Bytes in use, when all is projected and the files have come to rest."""
    before = None
    while True:
        status = admin.must("admin.status")
        now = (status["store"]["journal"]["used"], status["store"]["state"]["used"])
        if status["journal"]["projected"] == status["journal"]["durable"] and now == before:
            return now
        before = now
        time.sleep(1)


def play(app, lin, first, count, messages):
    opened = many(app, [("session.open", {"request_id": f"r{first + n}", "customer": {"id": f"u{first + n}", "name": "Ann"}, "intent": "refund"})
                        for n in range(count)], [lin])
    ids = [o["session_id"] for o in opened]
    for client in (app, lin):
        role = "c" if client is app else "a"
        many(client, [("session.send", {"session_id": s, "client_msg_id": f"{role}{m}", "type": "text", "body": {"text": TEXT}})
                      for s in ids for m in range(messages // 2)], [lin] if client is app else [])
    many(app, [("session.close", {"session_id": s}) for s in ids], [lin])


def main():
    daemon = Daemon("groups: [{id: general, queue: {max: 100000}}]\nrules: [{name: all, steps: [{group: general}]}]\n" +
                    channels_yaml("app") + agents_yaml({"lin": (["general"], 1000)}) +
                    f"  - {{id: sun, role: admin, capacity: 1, token_sha256: {token_of('sun')}}}\n").start()
    try:
        app, lin, admin = daemon.channel(), daemon.agent("lin"), daemon.agent("sun", state=None)
        part = 500

        def run(first, messages):
            before = used(admin)
            for n in range(0, SESSIONS, part):
                play(app, lin, first + n, part, messages)
            return [(b - a) / SESSIONS for a, b in zip(before, used(admin))]
        run(0, 0)
        empty, full = run(SESSIONS, 0), run(2 * SESSIONS, MESSAGES)
        print(json.dumps({"sessions": SESSIONS, "messages": MESSAGES, "unit": "bytes",
                          "session": dict(zip(("journal", "state"), map(round, empty))),
                          "message": {k: round((b - a) / MESSAGES) for k, a, b in zip(("journal", "state"), empty, full)}}))
    finally:
        daemon.remove()


if __name__ == "__main__":
    main()
