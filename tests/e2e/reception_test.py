"""Receiving customers: what may be sent, files, sensitive words, automatic messages, alerts, canned replies, the end."""
import hashlib
import os
import time
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml, token_of

PNG = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0" + b"p" * 150_000)

FLOOR = """
groups:
  - id: general
    name: 综合接待
    recall_window: 5s
    wrap_up: {mode: manual, time: 30s, dispositions: [solved, sold, 投诉], disposition_required: true}
    input:
      customer: {text_length: 20, file_kinds: [image/*], file_size: 1MiB}
      agent: {types: [text, image, form]}
  - {id: desk, offer: {accept: manual, timeout: 20s}}
rules: [{name: everyone, steps: [{group: general}]}]
forms:
  - {id: refund, fields: [{name: order_no, required: true, length: 12}, {name: pieces, kind: integer, least: 1, most: 9}]}
word_lists:
  - {id: fraud, action: block, words: [诈骗, "free money"]}
  - {id: contact, action: mask, from: agent, words: [微信, wechat]}
  - {id: complaint, action: flag, from: customer, words: [投诉]}
canned_replies:
  - {id: hello, title: 问候, shortcut: hi, texts: {en: "Hello {customer.name}, {agent.name} of {group.name} here", zh: "您好{customer.name}"}}
  - {id: refund, title: Refund time, shortcut: tk, groups: [general], texts: {en: "One to three days."}}
attachments: {unreferenced_for: UNREFERENCED, per_session: 3}
rating: {ask: true, remind_after: 1s}
texts:
  en:
    welcome: "Welcome, {customer.name}"
    assigned: "{agent.name} of {group.name} is here"
    closing: Goodbye
    rate: How was it?
    rate_reminder: Still there?
"""


class ReceptionCase(DaemonCase):
    agents = {"lin": (["general"], 5), "chen": (["desk"], 5)}
    more = ""
    unreferenced = "1h"

    def setUp(self):
        self.dispatch = FLOOR.replace("UNREFERENCED", self.unreferenced) + channels_yaml("app", "web") + agents_yaml(self.agents) + self.more
        super().setUp()
        self.app = self.daemon.channel()

    def served(self, customer="u1", **more):
        """A session that lin serves, and her connection."""
        lin = self.daemon.agent("lin")
        session = self.app.must("session.open", request_id="r-" + customer, customer={"id": customer, "name": "Ann"}, **more)["session_id"]
        self.app.must("session.subscribe", session_id=session, after=0)
        self.app.wait_event(session, "assigned")
        return session, lin

    def send(self, client, session, key, kind, body):
        return client.call("session.send", session_id=session, client_msg_id=key, type=kind, body=body)

    def bring(self, client, session, content, kind="image", name="cup.png", **more):
        """Uploads it; (error, info)."""
        failure, begun = client.call("attachment.begin", session_id=session, name=name, type=kind, size=len(content), **more)
        if failure:
            return failure, None
        at, step = begun["offset"], begun["chunk_bytes"]
        while at < len(content):
            at = client.must("attachment.chunk", attachment_id=begun["attachment_id"], offset=at, data=content[at:at + step])["offset"]
        return client.call("attachment.finish", attachment_id=begun["attachment_id"], sha256=hashlib.sha256(content).hexdigest())

    def read(self, client, attachment):
        content, more = b"", True
        while more:
            piece = client.must("attachment.read", attachment_id=attachment, offset=len(content))
            content += piece["data"]
            more = piece["more"]
        return content


class Inputs(ReceptionCase):
    def test_a_refused_message_names_field_and_rule_and_leaves_no_trace(self):
        session, lin = self.served()
        wrong = self.refused("invalid_argument", self.app.say(session, "m1", "一二三四五六七八九十一二三四五六七八九十一"))
        self.assertEqual((wrong["field"], wrong["rule"]), ("body.text", "groups.general.input.customer.text_length"))
        wrong = self.refused("invalid_argument", self.send(lin, session, "m1", "video", {"url": "https://example.com/a.mp4"}))
        self.assertEqual((wrong["field"], wrong["rule"]), ("type", "groups.general.input.agent.types"))
        self.app.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "一二三四五六七八九十"})
        said = [m for m in self.of_type(self.events(self.app, session), "message") if m["from"]["role"] != "system"]
        self.assertEqual([m["body"]["text"] for m in said], ["一二三四五六七八九十"])

    def test_a_form_handed_in_is_checked_field_by_field(self):
        session, lin = self.served()
        lin.must("session.send", session_id=session, client_msg_id="f", type="form", body={"form_id": "refund"})
        wrong = self.refused("invalid_argument", self.send(self.app, session, "f1", "form", {"form_id": "refund", "values": {"pieces": 2}}))
        self.assertEqual((wrong["field"], wrong["rule"]), ("body.values.order_no", "forms.refund.order_no"))
        wrong = self.refused("invalid_argument", self.send(self.app, session, "f1", "form", {"form_id": "refund", "values": {"order_no": "1", "pieces": 12}}))
        self.assertEqual(wrong["rule"], "forms.refund.pieces")
        self.assertIsNone(self.send(self.app, session, "f1", "form", {"form_id": "refund", "values": {"order_no": "1", "pieces": 2}})[0])

    def test_an_opening_message_that_is_blocked_opens_nothing(self):
        wrong = self.refused("invalid_argument", self.app.call(
            "session.open", request_id="r9", customer={"id": "u9"}, message={"client_msg_id": "m", "type": "text", "body": {"text": "FREE ｍｏｎｅｙ"}}))
        self.assertEqual((wrong["field"], wrong["rule"]), ("message.body.text", "word_lists.fraud"))
        self.assertIsNone(self.app.call("session.open", request_id="r9", customer={"id": "u9"})[0], "the same key is still free")


class Words(ReceptionCase):
    def test_a_blocked_word_is_refused_and_the_attempt_is_on_record_for_agents(self):
        session, lin = self.served()
        wrong = self.refused("invalid_argument", self.app.say(session, "m1", "这是诈骗吗"))
        self.assertEqual(wrong["rule"], "word_lists.fraud")
        record = lin.wait_event(session, "filtered")
        self.assertEqual((record["filtered"]["action"], record["filtered"]["lists"], record["filtered"]["from"]["role"]), ("block", ["fraud"], "customer"))
        seen = self.events(self.app, session)
        self.assertFalse(self.of_type(seen, "filtered"), "customers do not see it")
        self.assertFalse([m for m in self.of_type(seen, "message") if "诈骗" in m["body"].get("text", "")])

    def test_a_masked_word_reaches_nobody_and_the_key_still_replays(self):
        session, lin = self.served()
        first = lin.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "加我微信 or WeChat"})
        self.assertEqual(lin.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "加我微信 or WeChat"}), first)
        event = self.app.wait_event(session, "message", lambda m: m["from"]["role"] == "agent")
        self.assertEqual((event["seq"], event["message"]["body"]["text"]), (first["seq"], "加我** or ******"))
        self.assertIsNone(self.app.say(session, "m2", "我的微信是？")[0])
        self.assertEqual(self.app.wait_event(session, "message", lambda m: m.get("client_msg_id") == "m2")["message"]["body"]["text"], "我的微信是？",
                         "the list is for what agents write")

    def test_a_word_is_found_whatever_is_hidden_in_it_and_masked_where_it_stands(self):
        session, lin = self.served()
        for n, text in enumerate(("诈\u2061骗", "诈\ufe0f骗", "FREE \u00a0 money", "ｆｒｅｅ\u3000ＭＯＮＥＹ")):
            self.refused("invalid_argument", self.app.say(session, f"h{n}", text))
        seq = lin.must("session.send", session_id=session, client_msg_id="m9", type="text", body={"text": "é 加我微\u200b信 ok"})["seq"]
        event = self.app.wait_event(session, "message", lambda m: m["from"]["role"] == "agent")
        self.assertEqual((event["seq"], event["message"]["body"]["text"]), (seq, "é 加我** ok"))

    def test_a_flagged_word_passes_and_says_which_message(self):
        session, lin = self.served()
        seq = self.app.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "我要投诉"})["seq"]
        record = lin.wait_event(session, "filtered")["filtered"]
        self.assertEqual((record["action"], record["message_seq"]), ("flag", seq))


class Files(ReceptionCase):
    def test_a_file_goes_up_in_pieces_is_sent_and_read_by_the_other_side(self):
        session, lin = self.served()
        failure, info = self.bring(self.app, session, PNG)
        self.assertIsNone(failure)
        self.assertEqual((info["kind"], info["size"], info["sha256"]), ("image/png", len(PNG), hashlib.sha256(PNG).hexdigest()))
        self.refused("not_found", lin.call("attachment.read", attachment_id=info["attachment_id"]))
        sent = self.send(self.app, session, "m1", "image", {"attachment_id": info["attachment_id"], "name": "lie.exe", "caption": "cracked"})
        self.assertIsNone(sent[0])
        self.assertEqual(self.send(self.app, session, "m1", "image", {"attachment_id": info["attachment_id"], "name": "lie.exe", "caption": "cracked"}), sent)
        body = lin.wait_event(session, "message", lambda m: m["type"] == "image")["message"]["body"]
        self.assertEqual(body, {"attachment_id": info["attachment_id"], "name": "cup.png", "size": len(PNG), "kind": "image/png", "caption": "cracked"})
        self.assertEqual(self.read(lin, info["attachment_id"]), PNG)
        self.assertEqual(lin.must("attachment.read", attachment_id=info["attachment_id"], offset=1, limit=3)["data"], b"PNG")
        self.refused("failed_precondition", self.send(self.app, session, "m2", "image", {"attachment_id": info["attachment_id"]}))

    def test_only_the_session_s_own_participants_read_or_send_it(self):
        session, lin = self.served()
        info = self.bring(self.app, session, PNG)[1]
        other = self.app.must("session.open", request_id="r2", customer={"id": "u2"})["session_id"]
        self.refused("not_found", self.send(self.app, other, "m1", "image", {"attachment_id": info["attachment_id"]}))
        self.assertIsNone(self.send(self.app, session, "m1", "image", {"attachment_id": info["attachment_id"]})[0])
        chen = self.daemon.agent("chen")
        self.refused("permission_denied", chen.call("attachment.read", attachment_id=info["attachment_id"]))
        self.refused("permission_denied", self.daemon.channel("web").call("attachment.read", attachment_id=info["attachment_id"]))
        self.refused("permission_denied", chen.call("attachment.begin", session_id=session, name="a", type="file", size=3))

    def test_content_size_and_kind_are_judged_by_the_rules_of_the_group(self):
        session, lin = self.served()
        self.assertEqual(self.bring(self.app, session, b"MZ\x90\0 no picture" * 10)[0]["field"], "type")
        failure, begun = self.app.call("attachment.begin", session_id=session, name="big", type="image", size=2 << 20)
        self.assertEqual((failure["code"], failure["rule"], failure["field"]), ("invalid_argument", "groups.general.input.customer.file_size", "size"))
        name = "图" * 251 + ".png"
        self.assertEqual(self.bring(self.app, session, PNG + b"long", name=name)[1]["name"], name)
        failure, begun = self.app.call("attachment.begin", session_id=session, name=name + "x", type="image", size=3)
        self.assertEqual((failure["field"], failure["message"]), ("name", "name: 256 characters; at most 255"))
        info = self.bring(self.app, session, b"just a text\n", kind="file", name="note.txt")[1]
        wrong = self.refused("invalid_argument", self.send(self.app, session, "m1", "file", {"attachment_id": info["attachment_id"]}))
        self.assertEqual(wrong["rule"], "groups.general.input.customer.file_kinds")
        self.assertEqual(self.refused("invalid_argument", self.send(self.app, session, "m1", "image", {"name": "nothing"}))["field"], "body.attachment_id")


class Expiry(ReceptionCase):
    unreferenced = "3s"

    def test_what_no_message_carries_expires_and_what_one_does_survives_a_kill(self):
        session, lin = self.served()
        idle, kept = self.bring(self.app, session, PNG)[1], self.bring(self.app, session, PNG + b"2")[1]
        self.assertIsNone(self.send(self.app, session, "m1", "image", {"attachment_id": kept["attachment_id"]})[0])
        objects = os.path.join(self.daemon.folder, "data", "attachments", "objects")
        count = lambda: sum(len(files) for _, _, files in os.walk(objects))
        self.assertEqual(count(), 2)
        self.eventually(lambda: count() == 1)
        self.refused("not_found", self.send(self.app, session, "m2", "image", {"attachment_id": idle["attachment_id"]}))
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.read(self.daemon.channel(), kept["attachment_id"]), PNG + b"2")


class Uploads(ReceptionCase):
    def test_an_upload_goes_on_after_its_connection_was_lost(self):
        session, lin = self.served()
        begun = self.app.must("attachment.begin", session_id=session, name="a.png", type="image", size=len(PNG), op_id="up1")
        self.app.must("attachment.chunk", attachment_id=begun["attachment_id"], offset=0, data=PNG[:40_000])
        again = self.daemon.channel()
        self.assertEqual(again.must("attachment.begin", session_id=session, name="a.png", type="image", size=len(PNG), op_id="up1"),
                         {**begun, "offset": 40_000})


class Recall(ReceptionCase):
    more = (f"  - {{id: xu, name: Xu, groups: [general], role: supervisor, token_sha256: {token_of('xu')}}}\n")

    def test_a_message_taken_back_is_gone_for_every_reader_and_says_who_had_read_it(self):
        session, lin = self.served()
        seq = self.app.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "my secret"})["seq"]
        lin.must("session.read", session_id=session, message_seq=seq)
        self.app.must("session.recall", session_id=session, message_seq=seq)
        told = lin.wait_event(session, "recalled")["recalled"]
        self.assertEqual([(p["role"], p["id"]) for p in told["read_by"]], [("agent", "lin")])
        for reader in (self.daemon.channel(), self.app):
            reader.must("session.subscribe", session_id=session, after=seq - 1)
            shown = [e for e in self.events(reader, session) if e["seq"] == seq][0]
            self.assertEqual(shown["message"], {"message_seq": seq, "recalled": True})
        late = self.daemon.channel()
        late.must("session.subscribe", session_id=session, after=0)
        self.assertEqual(late.wait_for("session.event", lambda e: e.get("seq") == seq)["message"], {"message_seq": seq, "recalled": True})
        self.daemon.kill()
        self.daemon.start()
        after_restart = self.daemon.channel()
        shown = [e for e in self.events(after_restart, session) if e["seq"] == seq][0]
        self.assertEqual(shown["message"], {"message_seq": seq, "recalled": True})

    def test_a_consumer_that_catches_up_does_not_get_what_was_taken_back_meanwhile(self):
        first = self.daemon.channel()
        first.must("channel.subscribe", consumer="crm")
        session, lin = self.served()
        cursor = first.wait_for("session.event", lambda e: e["type"] == "opened")["cursor"]
        seq = self.app.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "my secret"})["seq"]
        self.assertEqual(first.wait_for("session.event", lambda e: e["seq"] == seq)["message"]["body"], {"text": "my secret"})
        first.close()
        self.app.must("session.recall", session_id=session, message_seq=seq)

        def caught_up():
            late = self.daemon.channel()
            late.must("channel.subscribe", consumer="crm", after=cursor)
            late.wait_for("session.event", lambda e: e["type"] == "recalled")
            shown = [e["message"] for n, e in late.events if n == "session.event" and e.get("seq") == seq]
            late.close()
            return shown == [{"message_seq": seq, "recalled": True}]
        self.eventually(caught_up, message="the content still comes")  # as soon as the recall is projected

    def test_a_file_taken_back_is_read_by_nobody_and_leaves_the_disk(self):
        session, lin = self.served()
        info = self.bring(self.app, session, PNG)[1]
        seq = self.app.must("session.send", session_id=session, client_msg_id="m1", type="image", body={"attachment_id": info["attachment_id"]})["seq"]
        self.assertEqual(self.read(lin, info["attachment_id"]), PNG)
        self.app.must("session.recall", session_id=session, message_seq=seq)
        self.refused("not_found", lin.call("attachment.read", attachment_id=info["attachment_id"]))
        objects = os.path.join(self.daemon.folder, "data", "attachments", "objects")
        self.eventually(lambda: not any(files for _, _, files in os.walk(objects)))

    def test_past_the_group_s_window_only_who_has_the_right_takes_back(self):
        session, lin = self.served()
        seq = lin.must("session.send", session_id=session, client_msg_id="m1", type="text", body={"text": "wrong price"})["seq"]
        time.sleep(5.2)
        wrong = self.refused("failed_precondition", lin.call("session.recall", session_id=session, message_seq=seq))
        self.assertEqual(wrong["rule"], "groups.general.recall_window")
        xu = self.daemon.agent("xu")
        lin.must("session.transfer", session_id=session, to={"agent": "xu"})
        xu.wait_event(session, "assigned", lambda a: a["agent"]["id"] == "xu")
        xu.must("session.recall", session_id=session, message_seq=seq)
        self.assertEqual(self.app.wait_event(session, "recalled")["recalled"]["by"]["id"], "xu")


class Ending(ReceptionCase):
    def test_an_agent_cannot_close_without_saying_what_came_of_it(self):
        session, lin = self.served()
        wrong = self.refused("failed_precondition", lin.call("session.close", session_id=session))
        self.assertEqual((wrong["field"], wrong["rule"]), ("disposition", "groups.general.wrap_up.dispositions"))
        wrong = self.refused("invalid_argument", lin.call("session.close", session_id=session, disposition="solvd"))
        self.assertIn('did you mean "solved"', wrong["message"])
        lin.must("session.close", session_id=session, disposition="solved", summary="parcel found")
        done = self.of_type(self.events(lin, session), "wrapped_up")
        self.assertEqual([(w["disposition"], w["summary"]) for w in done], [("solved", "parcel found")])

    def test_a_customer_closes_freely_and_the_agent_says_so_at_wrap_up(self):
        session, lin = self.served()
        self.app.must("session.close", session_id=session)
        self.refused("failed_precondition", lin.call("session.wrap_up", session_id=session, summary="gone"))
        lin.must("session.wrap_up", session_id=session, disposition="投诉")
        lin.must("session.wrap_up", session_id=session, summary="will write back")

    def test_the_customer_is_asked_to_rate_and_reminded_once(self):
        session, lin = self.served()
        lin.must("session.close", session_id=session, disposition="sold")
        asked = self.app.wait_event(session, "rating_requested")
        self.assertEqual(asked["rating_requested"], {"text": "How was it?", "reminder": False})
        reminded = self.app.wait_event(session, "rating_requested", lambda r: r["reminder"])
        self.assertEqual(reminded["rating_requested"]["text"], "Still there?")
        self.app.must("session.rate", session_id=session, score=5)

    def test_who_has_rated_is_not_reminded(self):
        session, lin = self.served()
        lin.must("session.close", session_id=session, disposition="sold")
        self.app.must("session.rate", session_id=session, score=4)
        with self.assertRaises(AssertionError):
            self.app.wait_event(session, "rating_requested", lambda r: r["reminder"], seconds=2)


class Said(ReceptionCase):
    more = "session: {idle_close: 4s, idle_warning: 2s, agent_silence: 1s}\n"

    def test_welcome_introduction_and_goodbye_say_the_names(self):
        session, lin = self.served()
        lin.must("session.close", session_id=session, disposition="solved")
        said = [(m["moment"], m["body"]["text"]) for m in self.of_type(self.events(self.app, session), "message")]
        self.assertEqual(said, [("welcome", "Welcome, Ann"), ("assigned", "Lin of 综合接待 is here"), ("closing", "Goodbye")])

    def test_silence_is_spoken_into_warned_of_and_ended(self):
        session, lin = self.served(message={"client_msg_id": "m0", "type": "text", "body": {"text": "anybody?"}})
        self.assertEqual(lin.wait_event(session, "alert", lambda a: a["what"] == "long_silence")["alert"]["unread"], 1)
        lin.wait_event(session, "alert", lambda a: a["what"] == "idle_warning")
        closed = self.app.wait_event(session, "closed")
        self.assertEqual(closed["closed"]["reason"], "idle")
        self.assertFalse(self.of_type(self.events(self.app, session), "alert"), "alerts are for agents")


class Alerts(ReceptionCase):
    more = ("alerts:\n  new_message: true\n  unanswered: {after: 1s, every: 1s, at_most: 3, escalate_after: 2s}\n  waiting: {after: 1s}\n")

    def setUp(self):
        self.agents = {"lin": (["general"], 5)}
        lead = (f"  - {{id: qian, name: Qian, groups: [general], role: leader, team: east, token_sha256: {token_of('qian')}}}\n")
        self.more = lead + self.more
        super().setUp()

    def test_unread_is_counted_and_an_unanswered_customer_comes_back_until_answered(self):
        session, lin = self.served()
        for n in (1, 2):
            self.app.must("session.send", session_id=session, client_msg_id=f"m{n}", type="text", body={"text": "hello?"})
        lin.wait_for("agent.alert", lambda a: a.get("unread") == 2 and a["alerts"][0]["what"] == "new_message")
        again = lin.wait_for("agent.alert", lambda a: a.get("alerts") and a["alerts"][0]["what"] == "unanswered" and a["alerts"][0]["times"] == 2)
        self.assertEqual((again["customer_id"], again["customer_name"], again["unread"]), ("c:app:u1", "Ann", 2))
        self.assertEqual(len(lin.must("agent.snapshot")["alerts"]), 1)
        recorded = lin.wait_event(session, "alert")["alert"]
        self.assertEqual((recorded["what"], recorded["level"], recorded["to"]), ("unanswered", "agent", ["lin"]))
        lin.must("session.send", session_id=session, client_msg_id="a1", type="text", body={"text": "yes"})
        lin.wait_for("agent.alert", lambda a: a.get("cleared"))
        self.assertEqual(lin.must("agent.snapshot")["alerts"], [])

    def test_reading_lowers_the_count_and_clears_what_was_only_new(self):
        session, lin = self.served()
        seqs = [self.app.must("session.send", session_id=session, client_msg_id=f"m{n}", type="text", body={"text": "x"})["seq"] for n in range(3)]
        lin.wait_for("agent.alert", lambda a: a.get("unread") == 3)
        lin.must("session.read", session_id=session, message_seq=seqs[1])
        lin.wait_for("agent.alert", lambda a: a.get("unread") == 1)
        lin.must("session.read", session_id=session, message_seq=seqs[2])
        lin.wait_for("agent.alert", lambda a: a.get("cleared") or (a["unread"] == 0))

    def test_who_waits_too_long_is_told_to_the_leader_of_the_group(self):
        qian = self.daemon.agent("qian", state="away")
        session = self.app.must("session.open", request_id="r", customer={"id": "w"})["session_id"]
        told = qian.wait_for("agent.alert", lambda a: a["customer_id"] == "c:app:w")
        self.assertEqual((told["level"], told["alerts"][0]["what"], told["alerts"][0]["session_id"]), ("leader", "waiting", session))
        self.app.must("session.close", session_id=session)
        qian.wait_for("agent.alert", lambda a: a["customer_id"] == "c:app:w" and a.get("cleared"))


class Replies(ReceptionCase):
    def test_canned_replies_are_found_and_filled_for_the_session(self):
        session, lin = self.served()
        found = lin.must("canned.search", text="hi", session_id=session)["replies"]
        self.assertEqual([(r["id"], r["text"]) for r in found], [("hello", "Hello Ann, Lin of 综合接待 here")])
        self.assertEqual([r["id"] for r in lin.must("canned.list")["replies"]], ["hello", "refund"])
        self.assertEqual(lin.must("canned.list", language="zh", limit=1)["replies"][0]["text"], "您好{customer.name}")
        self.refused("permission_denied", self.app.call("canned.list"))

    def test_a_customer_without_a_name_is_called_by_the_profiles_as_of_now_and_by_none_before(self):
        lin = self.daemon.agent("lin")
        first = self.app.must("session.open", request_id="n1", customer={"id": "u7"})["session_id"]
        lin.wait_event(first, "assigned")
        welcome = lambda session: [m["body"]["text"] for m in self.of_type(self.events(self.app, session), "message") if m["moment"] == "welcome"]
        canned = lambda: lin.must("canned.search", text="hi", session_id=first)["replies"][0]["text"]
        self.assertEqual(welcome(first), ["Welcome"])
        self.assertEqual(canned(), "Hello {customer.name}, Lin of 综合接待 here", "the agent sees what is missing")
        lin.must("customer.update", customer_id="c:app:u7", fields={"name": "王芳"})
        self.assertEqual(canned(), "Hello 王芳, Lin of 综合接待 here")
        self.app.must("session.close", session_id=first)
        second = self.app.must("session.open", request_id="n2", customer={"id": "u7"})["session_id"]
        self.assertEqual(welcome(second), ["Welcome, 王芳"])

    def test_an_agents_correction_of_the_name_holds_for_the_session_it_is_made_in(self):
        session, lin = self.served("u8")
        lin.must("customer.update", customer_id="c:app:u8", fields={"name": "Anna"})
        self.assertEqual(lin.must("canned.search", text="hi", session_id=session)["replies"][0]["text"], "Hello Anna, Lin of 综合接待 here")

    def test_two_agents_who_look_at_one_session_learn_of_each_other(self):
        session, lin = self.served()
        chen = self.daemon.agent("chen")
        lin.must("session.transfer", session_id=session, to={"group": "desk"})
        chen.wait_for("agent.offer", lambda o: o["session_id"] == session)
        lin.must("session.subscribe", session_id=session, after=0)
        chen.must("session.subscribe", session_id=session, after=0)
        for reader in (lin, chen):
            seen = reader.wait_for("session.event", lambda e: e["type"] == "viewing")["viewing"]["agents"]
            self.assertEqual(sorted(a["id"] for a in seen), ["chen", "lin"])
        chen.close()
        lin.wait_for("session.event", lambda e: e["type"] == "viewing" and len(e["viewing"]["agents"]) == 1)
        with self.assertRaises(AssertionError):
            self.app.wait_for("session.event", lambda e: e["type"] == "viewing", seconds=0.5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
