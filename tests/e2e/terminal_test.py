"""What the programs for people say and do: the chat's front, a push that is cut off, figures that are true."""
import json
import os
import pty
import re
import select
import subprocess
import tempfile
import time
import unittest

from daemon_fixture import DAEMON, DaemonCase, agents_yaml, channels_yaml

TOOLS = os.path.dirname(DAEMON)
CHANNEL = os.path.join(TOOLS, "switchboard-channel")
CTL = os.environ.get("SWITCHBOARDCTL", os.path.join(TOOLS, "switchboardctl"))


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, *command, token):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                                        env={**os.environ, "SWITCHBOARD_TOKEN": token, "TERM": "xterm"})
        os.close(slave)
        self.shown = ""

    def type(self, text):
        os.write(self.master, text.encode())

    def until(self, pattern, seconds=15):
        end = time.time() + seconds
        while not re.search(pattern, self.shown):
            if time.time() > end:
                raise AssertionError(f"{pattern} did not come; the terminal shows\n{self.shown}")
            if select.select([self.master], [], [], 0.1)[0]:
                self.shown += os.read(self.master, 65536).decode(errors="replace")
        return re.search(pattern, self.shown)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


class Terminals(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n  - {id: idle, name: Idle}\n"
                "rules:\n"
                "  - {name: never, when: 'source == \"x\" || source == \"y\"', steps: [{group: idle}]}\n"
                "  - {name: letters, when: request.intent == \"letter\", steps: [{leave_message: true}]}\n"
                "  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
                agents_yaml({"lin": (["general"], 5), "sup": (["idle"], 5, "supervisor")}))

    def ctl(self, *command, code=0):
        done = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), *command],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def open(self, channel, customer, **more):
        return channel.must("session.open", request_id="r-" + customer, customer={"id": customer, "name": customer.title()},
                            message={"client_msg_id": "m", "type": "text", "body": {"text": "hello from " + customer}},
                            **more)["session_id"]

    def texts(self, channel, session):
        return [m["body"].get("text") for m in self.of_type(self.events(channel, session), "message")]

    def test_a_new_session_does_not_take_the_line_that_is_being_typed(self):
        channel = self.daemon.channel()
        chat = Terminal(CHANNEL, "chat", "--role", "agent", "--id", "lin", "--port", str(self.daemon.port), token="lin")
        self.addCleanup(chat.close)
        chat.until("you are")
        first = self.open(channel, "ann")
        chat.until(first[-4:] + r"[^\r\n]*> ")
        chat.type("for ann o")
        time.sleep(0.3)
        second = self.open(channel, "bob")
        chat.until(r"\*\* session " + second[-4:])
        chat.type("nly\r")
        self.eventually(lambda: "for ann only" in self.texts(channel, first))
        self.assertNotIn("for ann only", self.texts(channel, second))
        chat.type(f"/use {second[-4:]}\r")
        chat.until(second[-4:] + r"[^\r\n]*> ")
        chat.type("for bob\r")
        self.eventually(lambda: "for bob" in self.texts(channel, second))
        self.assertNotIn("for bob", self.texts(channel, first))

    def chat(self, agent="lin"):
        chat = Terminal(CHANNEL, "chat", "--role", "agent", "--id", agent, "--port", str(self.daemon.port), token=agent)
        self.addCleanup(chat.close)
        chat.until("you are")
        return chat

    def test_pasted_lines_are_one_message(self):
        channel, chat = self.daemon.channel(), self.chat()
        session = self.open(channel, "ann")
        chat.until(session[-4:] + r"[^\r\n]*> ")
        chat.type("\x1b[200~first line\r第二行\r\x1b[201~")
        chat.until("first line↵第二行")
        self.assertNotIn("first line", " ".join(self.texts(channel, session)))
        chat.type("\r")
        self.eventually(lambda: "first line\n第二行" in self.texts(channel, session))

    def test_the_line_is_edited_by_the_usual_keys_and_found_again(self):
        channel, chat = self.daemon.channel(), self.chat()
        session = self.open(channel, "ann")
        chat.until(session[-4:] + r"[^\r\n]*> ")
        chat.type("退款已经到账了\x1b[D\x1b[D\x7f\r")
        self.eventually(lambda: "退款已经账了" in self.texts(channel, session))
        chat.type("something else\r")
        self.eventually(lambda: "something else" in self.texts(channel, session))
        chat.type("\x1b[A\x1b[A\x01>> \r")
        self.eventually(lambda: ">> 退款已经账了" in self.texts(channel, session))
        chat.type("\x12thing\x05!\r")
        self.eventually(lambda: "something else!" in self.texts(channel, session))

    def test_what_was_refused_stays_in_the_line(self):
        channel, chat = self.daemon.channel(), self.chat()
        session = self.open(channel, "ann")
        chat.until(session[-4:] + r"[^\r\n]*> ")
        chat.type("/transfer group nowhere\r")
        chat.until(r"session\.transfer: ")
        chat.until(r"> /transfer group nowhere")
        chat.type("\x15back to work\r")
        self.eventually(lambda: "back to work" in self.texts(channel, session))
        chat.type("/nothing\r")
        chat.until(r"> /nothing")

    def test_a_leader_steers_sessions_by_the_ends_of_their_ids(self):
        channel = self.daemon.channel()
        waits = self.open(channel, "ann", subject="a late parcel")
        listed = self.ctl("sessions")
        self.assertRegex(listed, waits[-4:] + r"  waiting +1 .* Ann +a late parc")
        self.assertIn("hello from ann", self.ctl("session", "transcript", waits[-4:]))
        self.assertIn(waits, self.ctl("why", waits[:12] if waits[:12] != waits[-12:] else waits))
        self.assertIn("no live session", self.ctl("session", "ZZZZ", code=1))
        self.ctl("session", "move", waits[-4:].lower(), "--group", "idle", "--reason", "knows it")
        self.eventually(lambda: json.loads(self.ctl("-o", "json", "session", waits))["data"]["group"] == "idle")
        self.assertIn("knows it", self.ctl("why", waits[-4:]))
        sup = self.daemon.agent("sup")
        self.eventually(lambda: self.of_type(self.events(channel, waits), "assigned"))
        lin = self.daemon.agent("lin")
        self.ctl("session", "assign", waits[-4:], "lin", "--reason", "his customer")
        self.eventually(lambda: [a["agent"]["id"] for a in self.of_type(self.events(channel, waits), "assigned")] == ["sup", "lin"])
        self.assertIn("the session does not wait", self.ctl("session", "claim", waits[-4:], "--agent", "sup", code=1))
        self.ctl("session", "close", waits[-4:], "--reason", "done by telephone")
        self.assertEqual(self.of_type(self.events(channel, waits), "closed")[0]["reason"], "done by telephone")
        del sup, lin

    def test_an_end_that_several_sessions_share_names_them(self):
        channel = self.daemon.channel()
        both = [self.open(channel, "ann"), self.open(channel, "bob")]
        said = self.ctl("session", "s", code=1)
        for session in both:
            self.assertIn(session, said)
        self.assertIn("(Ann)", said)

    def test_messages_left_are_answered_and_dismissed(self):
        channel = self.daemon.channel()
        first, second = self.open(channel, "ann", intent="letter"), self.open(channel, "bob", intent="letter")
        self.eventually(lambda: "2 open" in self.ctl("messages"))
        self.ctl("messages", "answer", first[-4:], "您好，已经寄出。")
        self.assertIn("您好，已经寄出。", self.texts(channel, first))
        self.ctl("messages", "dismiss", second[-4:], "--reason", "a test")
        self.eventually(lambda: "0 open" in self.ctl("messages"))

    def test_watching_shows_who_comes_and_a_file_gets_no_colours(self):
        channel = self.daemon.channel()
        socket = os.path.join(self.daemon.folder, "control.sock")
        watch = Terminal(CTL, "--socket", socket, "sessions", "--watch", "--every", "200ms", token="")
        self.addCleanup(watch.close)
        watch.until("0 sessions")
        self.open(channel, "ann")
        watch.until(r"waiting.*Ann")
        self.assertIn("\x1b[1m", watch.shown)
        self.assertNotIn("\x1b", self.ctl("sessions"))

    def test_chinese_is_spoken_where_the_locale_says_so(self):
        channel = self.daemon.channel()
        session = self.open(channel, "ann")
        socket = os.path.join(self.daemon.folder, "control.sock")

        def zh(*words, locale="zh_CN.UTF-8"):
            done = subprocess.run([CTL, "--socket", socket, *words], capture_output=True, text=True, timeout=30,
                                  env={**os.environ, "LC_ALL": "", "LANG": locale})
            return done.stdout + done.stderr

        why = zh("why", session[-4:])
        self.assertRegex(why, "会话 .*：排队中")
        for line in why.splitlines():
            # A step may be a group's id alone.
            self.assertRegex(line, r"[\u4e00-\u9fff]|^  . \d+\. \w+$", line)
        self.assertIn("用法", zh("sessions", "--help"))
        self.assertIn("没有进行中的会话", zh("why", "ZZZZ"))
        self.assertIn("缺少 --reason", zh("session", "close", session))
        self.assertIn('"state":"waiting"', zh("-o", "json", "sessions").replace(" ", ""))
        self.assertIn("is waiting", zh("why", session, locale="en_GB.UTF-8"))

    def push(self, path, *more, wait=True):
        command = [CHANNEL, "push", path, "--channel", "app", "--port", str(self.daemon.port), *more]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "SWITCHBOARD_TOKEN": "app"})
        if not wait:
            return process
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def test_a_push_that_is_cut_off_says_where_to_go_on_and_goes_on_there(self):
        lines = 4000
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
            for i in range(lines):
                file.write(json.dumps({"request_id": f"p{i}", "customer": {"id": f"u{i}"}}) + "\n")
        self.addCleanup(os.unlink, file.name)
        pushing = self.push(file.name, "--rate", "1500", wait=False)
        for _ in range(200):
            pushing.stdout.readline()
        self.daemon.kill()
        out, err = pushing.communicate(timeout=30)
        self.assertEqual(pushing.returncode, 1, "it ends, and not by a signal")
        go_on = int(re.search(r"go on with --from-line (\d+)", err)[1])
        self.assertTrue(200 <= go_on <= lines, err)
        self.daemon.start()
        code, out, err = self.push(file.name, "--from-line", str(go_on))
        self.assertEqual(code, 0, err)
        opened = json.loads(self.ctl("-o", "json", "status"))["data"]["sessions"]["opened"]
        self.assertEqual(opened, lines, "nothing left out, nothing twice")

    def test_a_push_into_nothing_ends(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
            for i in range(100_000):
                file.write(json.dumps({"request_id": f"p{i}", "customer": {"id": f"u{i}"}}) + "\n")
        self.addCleanup(os.unlink, file.name)
        pushing = self.push(file.name, "--window", "5000", wait=False)
        pushing.stdout.readline()
        self.daemon.kill()
        _, err = pushing.communicate(timeout=60)
        self.assertEqual(pushing.returncode, 1, "no stack overflow")
        self.assertIn("--from-line", err)

    def test_sessions_are_listed_from_the_first_and_unknown_states_refused(self):
        channel = self.daemon.channel()
        opened = []
        for i in range(30):
            opened.append(self.open(channel, f"c{i}"))
            time.sleep(0.003)
        answer = json.loads(self.ctl("-o", "json", "sessions", "--state", "waiting", "--limit", "5"))["data"]
        self.assertEqual([s["session_id"] for s in answer["sessions"]], opened[:5])
        self.assertEqual(answer["in_all"], 30)
        answer = json.loads(self.ctl("-o", "json", "sessions", "--limit", "7"))["data"]
        self.assertEqual([s["session_id"] for s in answer["sessions"]], opened[:7])
        self.assertIn("5 of 30 sessions, those that were opened first", self.ctl("sessions", "--limit", "5"))
        refused = self.ctl("sessions", "--state", "foo", code=1)
        self.assertIn("identifying, waiting, offered, active, closed, abandoned, left_message", refused)
        self.assertIn("session, agent, skill_group", self.ctl("actors", "--kind", "foo", code=1))

    def test_the_longest_wait_is_that_of_who_waits(self):
        channel = self.daemon.channel()
        self.assertIn("nobody", self.ctl("status"))
        self.open(channel, "ann")
        time.sleep(1.2)
        status = json.loads(self.ctl("-o", "json", "status"))["data"]
        self.assertGreater(status["longest_waiting_ms"], 1000)
        self.assertGreaterEqual(status["longest_wait_ms"], status["longest_waiting_ms"])
        self.assertRegex(self.ctl("status"), r"longest wait 1\.\ds")
        self.daemon.kill()
        self.daemon.start()
        status = json.loads(self.ctl("-o", "json", "status"))["data"]
        self.assertGreater(status["longest_waiting_ms"], 1000, "it goes on through a restart")
        lin = self.daemon.agent("lin")
        self.eventually(lambda: json.loads(self.ctl("-o", "json", "status"))["data"]["longest_waiting_ms"] is None)
        del lin

    def test_an_idle_group_has_no_service_level(self):
        groups = json.loads(self.ctl("-o", "json", "groups"))["data"]["groups"]
        self.assertEqual([(g["id"], g["service_level"]) for g in groups], [("general", None), ("idle", None)])
        self.assertNotIn("100%", self.ctl("groups"))

    def test_messages_left_are_counted_and_not_their_page(self):
        channel = self.daemon.channel()
        for i in range(60):
            self.open(channel, f"l{i}", intent="letter")
        self.eventually(lambda: "60 open" in self.ctl("messages"))
        text = self.ctl("messages", "--limit", "50")
        self.assertIn("50 of 60 open", text)
        rest = self.ctl("messages", "--after", re.search(r"--after (\S+)", text)[1])
        self.assertIn("10 more", rest)
        self.assertIn("\n60 open", self.ctl("messages", "--limit", "200"))

    def test_why_speaks_of_spans_and_of_whole_conditions(self):
        channel = self.daemon.channel()
        lin = self.daemon.agent("lin")
        session = self.open(channel, "ann")
        self.eventually(lambda: "assigned" in [e["type"] for e in self.events(channel, session)])
        why = self.ctl("why", session)
        self.assertIn('does not match: not (source == "x" || source == "y")', why)
        self.assertRegex(why, r"idle for \S+")
        self.assertNotRegex(why.replace(session, ""), r"\d{6,}", "no raw milliseconds")
        del lin


if __name__ == "__main__":
    unittest.main()
