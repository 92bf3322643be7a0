"""Customers through the wire: one over all channels, merge and undo, block, mining, campaigns, export, erase."""
import glob
import json
import os
import subprocess
import time
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml, token_of

CTL = os.environ.get("SWITCHBOARDCTL", "")


class Customers(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app", "web") +
                agents_yaml({"lin": (["general"], 50)}) +
                f"  - {{id: sun, name: Sun, groups: [general], capacity: 5, role: supervisor, token_sha256: {token_of('sun')}}}\n"
                f"  - {{id: root, name: Root, groups: [general], capacity: 5, role: admin, token_sha256: {token_of('root')}}}\n"
                "profile_fields:\n"
                "  - {id: size, type: choice, values: [s, m, l], label: {en: Size, zh: 尺码}}\n"
                "  - {id: credit, type: number, edit: [supervisor]}\n"
                "lead_stages:\n  - {id: new, next: [called]}\n  - {id: called}\n  - {id: won, ends: won}\n"
                "mining:\n"
                "  - {name: lamp, when: \"said.exists(t, t.contains('lamp'))\", reason: asked for a lamp, lead: {title: A lamp}}\n"
                "  - {name: late, when: \"said.exists(t, t.contains('late'))\", reason: said it is late, tag: late, automatic: true}\n")

    def open(self, channel, customer, text="hello", **more):
        return channel.must("session.open", request_id=f"r{time.time_ns()}", customer=customer,
                            message={"client_msg_id": f"m{time.time_ns()}", "type": "text", "body": {"text": text}}, **more)["session_id"]

    def talk(self, channel, customer, text="hello", **more):
        """A session opened, served and closed; answers its id."""
        session = self.open(channel, customer, text, **more)
        self.eventually(lambda: self.of_type(self.events(channel, session), "assigned"))
        channel.must("session.close", session_id=session)
        return session

    def entries(self, agent, customer, **more):
        return agent.must("customer.history", customer_id=customer, **more)["entries"]

    def ctl(self, *words, code=0):
        run = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", *words],
                             capture_output=True, text=True, timeout=240)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return json.loads(run.stdout).get("data")

    # -- identity

    def test_a_customer_of_two_channels_is_one_by_union_id_and_the_trail_shows_both(self):
        app, web, lin = self.daemon.channel("app"), self.daemon.channel("web"), self.daemon.agent("lin")
        first = self.talk(app, {"id": "u1", "name": "Ann", "union_id": "un1"}, entry="home", page="/lamps/7")
        self.eventually(lambda: lin.must("customer.get", customer_id="c:app:u1")["identities"])
        time.sleep(0.5)
        second = self.talk(web, {"id": "w1", "union_id": "un1"})
        trail = self.eventually(lambda: len(self.entries(lin, "c:app:u1")) == 2 and self.entries(lin, "c:app:u1"))
        self.assertEqual([e["session"] for e in trail], [second, first])
        self.assertEqual([e["channel"] for e in trail], ["web", "app"])
        self.assertEqual(trail[1]["entry"], "home")
        self.assertEqual(trail[1]["page"], "/lamps/7")
        self.assertEqual(trail[0]["sales_channel"], "web")
        who = lin.must("customer.get", customer_id=second)
        self.assertEqual(who["customer_id"], "c:app:u1", "a session's id stands for its customer")
        self.assertEqual({(i["channel"], i["id"]) for i in who["identities"]}, {("app", "u1"), ("web", "w1")})

    def test_two_channels_that_open_at_once_for_one_phone_make_one_person_and_a_block_holds_for_both(self):
        app, web, sun = self.daemon.channel("app"), self.daemon.channel("web"), self.daemon.agent("sun")
        for n in range(30):
            for channel, who, phone in ((app, f"a{n}", f"138000001{n:02}"), (web, f"w{n}", f"+86 138-0000-01{n:02}")):
                channel.send("session.open", request_id=f"r{n}", customer={"id": who, "phone": phone})
        for channel in (app, web):
            answers = 0
            while answers < 30:
                message = channel.receive()
                if message[0] == 1:
                    self.assertIsNone(message[2])
                    answers += 1
                else:
                    channel.take(message)
        self.eventually(lambda: all(sun.call("customer.get", customer_id=f"{c}{n}")[0] is None for n in range(30) for c in ("app/a", "web/w")))
        two = [n for n in range(30) if sun.must("customer.get", customer_id=f"app/a{n}")["customer_id"]
               != sun.must("customer.get", customer_id=f"web/w{n}")["customer_id"]]
        self.assertEqual(two, [], "these telephones are two customers")
        both = sun.must("customer.get", customer_id="web/w7")
        self.assertEqual({(i["channel"], i["id"]) for i in both["identities"]}, {("app", "a7"), ("web", "w7")})
        self.assertEqual(both["same_as"], [])
        sun.must("customer.block", customer_id="web/w7", reason="abuse")
        for channel, who in ((app, "a7"), (web, "w7")):
            self.refused("permission_denied", channel.call("session.open", request_id="again", customer={"id": who}))

    def test_an_abandoned_session_is_in_the_trail(self):
        app, lin = self.daemon.channel("app"), self.daemon.agent("lin", state=None)
        session = self.open(app, {"id": "u5"})
        self.eventually(lambda: self.of_type(self.events(app, session), "queued"))
        app.must("session.close", session_id=session)
        trail = self.eventually(lambda: [e for e in self.entries(lin, "c:app:u5") if e.get("closed_at")])
        self.assertEqual(trail[0]["outcome"], "abandoned")

    def test_conflicting_telephones_are_shown_and_merged_by_hand_and_parted_again(self):
        app, web, sun = self.daemon.channel("app"), self.daemon.channel("web"), self.daemon.agent("sun")
        a = self.talk(app, {"id": "u1", "name": "Ann"})
        b = self.talk(web, {"id": "w1", "name": "Anna", "email": "ann@x.cn"})
        self.eventually(lambda: len(self.entries(sun, "c:web:w1")) == 1)
        for person in ("c:app:u1", "c:web:w1"):
            sun.must("customer.update", customer_id=person, fields={"phone": "13800000001"})
        same = self.eventually(lambda: sun.must("customer.get", customer_id="c:app:u1")["same_as"])
        self.assertEqual(same, [{"customer_id": "c:web:w1", "name": "Anna", "by": ["phone"]}])
        lead = sun.must("lead.create", customer_id="c:web:w1", fields={"title": "A sofa"})["lead_id"]
        lin = self.daemon.agent("lin")
        self.refused("permission_denied", lin.call("customer.merge", customer_id="c:web:w1", into="c:app:u1"))
        self.assertEqual(sun.must("customer.merge", customer_id="c:web:w1", into="c:app:u1"), {"customer_id": "c:app:u1"})
        merged = sun.must("customer.get", customer_id="c:web:w1")
        self.assertEqual(merged["customer_id"], "c:app:u1", "whoever asks for the one sees the other")
        self.assertEqual(merged["profile"]["name"]["value"], "Ann")
        self.assertEqual(merged["profile"]["email"]["value"], "ann@x.cn")
        self.assertEqual(merged["merged"][0]["customer_id"], "c:web:w1")
        self.assertEqual(len(merged["identities"]), 2)
        kinds = self.eventually(lambda: len(self.entries(sun, "c:app:u1")) == 3 and self.entries(sun, "c:app:u1"))
        self.assertEqual({e.get("session", e["kind"]) for e in kinds}, {a, b, "lead"})
        sun.must("lead.update", customer_id="c:app:u1", lead_id=lead, fields={"stage": "called"})
        self.eventually(lambda: [c["customer_id"] for c in sun.must("customer.search", name="anna")["customers"]] == ["c:app:u1"])
        sun.must("customer.unmerge", customer_id="c:web:w1")
        apart = sun.must("customer.get", customer_id="c:app:u1")
        self.assertNotIn("email", apart["profile"])
        self.assertEqual(apart["leads"], 0)
        back = sun.must("lead.list", customer_id="c:web:w1")["leads"]
        self.assertEqual([(l["lead_id"], l["stage"]) for l in back], [(lead, "called")], "changed meanwhile, kept")
        self.refused("failed_precondition", sun.call("customer.unmerge", customer_id="c:web:w1"))

    def test_a_merge_outlives_kill_9(self):
        app, sun = self.daemon.channel("app"), self.daemon.agent("sun")
        self.talk(app, {"id": "u1", "name": "Ann"})
        self.talk(app, {"id": "u2", "name": "Bob"})
        self.eventually(lambda: sun.must("customer.get", customer_id="c:app:u2")["identities"])
        sun.must("customer.merge", customer_id="c:app:u2", into="c:app:u1")
        sun.must("customer.block", customer_id="c:app:u1", reason="abuse")
        self.daemon.kill()
        self.daemon.start()
        sun = self.daemon.agent("sun")
        self.assertEqual(sun.must("customer.get", customer_id="c:app:u2")["customer_id"], "c:app:u1")
        for customer in ("u1", "u2"):
            self.refused("permission_denied", self.daemon.channel("app").call("session.open", request_id="x", customer={"id": customer}))

    # -- profile, leads, mining

    def test_profile_fields_are_checked_and_their_history_is_kept(self):
        app, lin, sun = self.daemon.channel("app"), self.daemon.agent("lin"), self.daemon.agent("sun")
        self.talk(app, {"id": "u1", "name": "Ann"})
        who = "c:app:u1"
        self.assertEqual(self.refused("invalid_argument", lin.call("customer.update", customer_id=who, fields={"sise": "m"}))["field"], "fields.sise")
        self.refused("invalid_argument", lin.call("customer.update", customer_id=who, fields={"size": "xl"}))
        self.refused("permission_denied", lin.call("customer.update", customer_id=who, fields={"credit": "5"}))
        lin.must("customer.update", customer_id=who, fields={"size": "m"})
        sun.must("customer.update", customer_id=who, fields={"credit": "5", "size": "l"})
        rows = self.eventually(lambda: len(lin.must("customer.changes", customer_id=who)["changes"]) >= 4
                               and lin.must("customer.changes", customer_id=who)["changes"])
        sizes = [(r["source"], r.get("before", ""), r["after"]) for r in rows if r.get("field") == "size"]
        self.assertEqual(sizes, [("agent:sun", "m", "l"), ("agent:lin", "", "m")])
        fields = lin.must("customer.fields")
        self.assertEqual([f["editable"] for f in fields["fields"]], [True, False])
        self.assertEqual([s["id"] for s in fields["lead_stages"]], ["new", "called", "won"])

    def test_a_lead_from_a_session_knows_its_campaign_and_its_likes(self):
        app, lin, sun = self.daemon.channel("app"), self.daemon.agent("lin"), self.daemon.agent("sun")
        self.refused("permission_denied", lin.call("sales_channel.create", id="fair", fields={}))
        sun.must("sales_channel.create", id="fair", fields={"name": "Spring fair", "cost": 500000, "currency": "CNY"})
        sun.must("campaign.create", id="spring", fields={"sales_channel": "fair", "entry_codes": ["s26"], "from": 0})
        self.refused("already_exists", sun.call("campaign.create", id="spring", fields={"sales_channel": "fair"}))
        session = self.open(app, {"id": "u1"}, entry="s26")
        made = self.eventually(lambda: lin.call("lead.create", session_id=session, fields={"title": "A  Lamp"})[1])
        leads = lin.must("lead.list", customer_id="c:app:u1")["leads"]
        self.assertEqual((leads[0]["sales_channel"], leads[0]["campaign"], leads[0]["session_id"], leads[0]["owner"]),
                         ("fair", "spring", session, "lin"))
        again = lin.must("lead.create", customer_id="c:app:u1", fields={"title": "a lamp"})
        self.assertEqual(again["duplicates"], [made["lead_id"]])
        wrong = lin.call("lead.update", customer_id="c:app:u1", lead_id=made["lead_id"], fields={"stage": "won"})
        self.assertEqual(self.refused("invalid_argument", wrong)["field"], "fields.stage")
        wrong = lin.call("lead.update", customer_id="c:app:u1", lead_id=made["lead_id"], fields={"campaign": "none"})
        self.assertEqual(self.refused("invalid_argument", wrong)["field"], "fields.campaign")
        self.daemon.kill()
        self.daemon.start()
        lin = self.daemon.agent("lin")
        self.assertEqual([c["id"] for c in lin.must("campaign.list")["items"]], ["spring"])

    def test_what_was_said_suggests_a_lead_that_an_agent_confirms(self):
        app, lin = self.daemon.channel("app"), self.daemon.agent("lin")
        self.talk(app, {"id": "u1"}, "my lamp is late")
        who = "c:app:u1"
        found = self.eventually(lambda: lin.must("customer.get", customer_id=who)["suggestions"])
        self.assertEqual([(s["kind"], s["reason"]) for s in found], [("lead", "asked for a lamp")])
        self.assertEqual([t["tag"] for t in lin.must("customer.get", customer_id=who)["tags"]], ["late"], "automatic")
        lin.must("customer.settle", customer_id=who, suggestion_id=found[0]["id"], accept=True)
        self.assertEqual([l["title"] for l in lin.must("lead.list", customer_id=who)["leads"]], ["A lamp"])
        self.assertEqual(lin.must("customer.get", customer_id=who)["suggestions"], [])

    def test_a_live_session_is_mined_when_asked(self):
        app, lin = self.daemon.channel("app"), self.daemon.agent("lin")
        session = self.open(app, {"id": "u1"}, "a lamp, please")
        found = self.eventually(lambda: (lin.call("customer.mine", session_id=session)[1] or {}).get("suggestions"))
        self.assertEqual(found[0]["rule"], "lamp")

    # -- lists

    def test_segments_stream_with_progress_and_export_as_csv(self):
        app, lin, sun = self.daemon.channel("app"), self.daemon.agent("lin"), self.daemon.agent("sun")
        for n in range(3):
            self.talk(app, {"id": f"u{n}", "name": f"Li {n}"})
        lin.must("customer.tag", customer_id="c:app:u1", add=["vip"], remove=[])
        lin.must("customer.update", customer_id="c:app:u1", fields={"remark": '=1+1, "quoted"'})
        self.eventually(lambda: len(lin.must("customer.search", tag="vip")["customers"]) == 1)
        self.eventually(lambda: len(lin.must("customer.search", name="li")["customers"]) == 3)
        self.refused("permission_denied", lin.call("customer.search", condition="true"))
        sun.must("segment.create", id="vips", fields={"condition": "'vip' in customer.tags"})
        self.assertEqual(self.refused("invalid_argument", sun.call("segment.create", id="x", fields={"condition": "customer.nme"}))["field"], "condition")
        work = sun.must("customer.search", segment="vips")["work_id"]
        done = sun.wait_for("customer.done", lambda p: p["work_id"] == work)
        self.assertEqual((done["found"], done["looked_at"]), (1, 3))
        self.assertEqual(sun.wait_for("customer.found", lambda p: p["work_id"] == work)["customers"][0]["name"], "Li 1")
        self.assertTrue(sun.wait_for("customer.progress", lambda p: p["work_id"] == work)["of"] >= 3)
        out = os.path.join(self.daemon.folder, "out.csv")
        self.ctl("customer", "export", "--segment", "vips", "--out", out)
        with open(out, "rb") as raw:
            self.assertTrue(raw.read().startswith(b"\xef\xbb\xbf"), "or spreadsheets in China read it as GBK")
        with open(out, encoding="utf-8-sig", newline="") as text:
            rows = text.read().split("\r\n")
        self.assertEqual(len(rows), 3)
        self.assertIn('"\'=1+1, ""quoted"""', rows[1])
        self.refused("not_found", sun.call("customer.cancel", work_id=work))

    # -- block, erase

    def test_a_blocked_customer_is_refused_clearly_until_unblocked(self):
        app, web, sun = self.daemon.channel("app"), self.daemon.channel("web"), self.daemon.agent("sun")
        self.talk(app, {"id": "u1", "phone": "13800000001"})
        sun.must("customer.block", customer_id="c:app:u1", reason="abuse")
        why = self.refused("permission_denied", app.call("session.open", request_id="x1", customer={"id": "u1"}))
        self.assertEqual((why["message"], why["field"]), ("customer: is blocked: abuse", "customer"))
        for n, phone in enumerate(("138-0000-0001", "8613800000001", "086-13800000001", "\u202d１３８００００００01\u202c", "'13800000001", "tel:+86 138 0000 0001")):
            self.refused("permission_denied", web.call("session.open", request_id=f"x2-{n}", customer={"id": "w1", "phone": phone}))
        app.must("session.open", request_id="x3", customer={"id": "u2"})
        sun.must("customer.unblock", customer_id="c:app:u1")
        app.must("session.open", request_id="x4", customer={"id": "u1"})

    def test_a_block_by_one_identity_blocks_the_person_on_every_channel(self):
        app, web, sun = self.daemon.channel("app"), self.daemon.channel("web"), self.daemon.agent("sun")
        self.talk(app, {"id": "base", "phone": "13800000001"})
        self.eventually(lambda: sun.must("customer.search", phone="13800000001")["customers"])
        self.talk(web, {"id": "c1", "phone": "138 0000 0001"})
        self.assertEqual(sun.must("customer.get", customer_id="c:web:c1")["customer_id"], "c:app:base")
        sun.must("customer.tag", customer_id="web/c1", add=["keen"], remove=[])
        self.assertEqual([t["tag"] for t in sun.must("customer.get", customer_id="13800000001")["tags"]], ["keen"])
        sun.must("customer.block", customer_id="c:web:c1", reason="abuse")
        for channel, who in ((web, "c1"), (app, "base")):
            self.refused("permission_denied", channel.call("session.open", request_id=f"again {who}", customer={"id": who}))
        self.ctl("customer", "unblock", "c:app:base")
        web.must("session.open", request_id="again", customer={"id": "c1"})

    def test_whoever_never_was_is_not_found_by_any_method(self):
        app, root = self.daemon.channel("app"), self.daemon.agent("root")
        self.talk(app, {"id": "u1"})
        for method, more in (("customer.get", {}), ("customer.update", {"fields": {"name": "Bo"}}), ("customer.history", {}),
                             ("customer.changes", {}), ("customer.tag", {"add": ["x"], "remove": []}), ("customer.block", {"reason": "x"}),
                             ("customer.unblock", {}), ("customer.merge", {"into": "c:app:u1"}), ("customer.unmerge", {}),
                             ("customer.dossier", {}), ("customer.erase", {"dry_run": True}), ("lead.list", {}),
                             ("lead.create", {"fields": {"title": "x"}}), ("lead.update", {"lead_id": "l", "fields": {}})):
            for name in ("c:app:u11", "c:web:u1", "nobody", "m:9", "s0001HZX5E0000000000000000000"):
                self.assertEqual(self.refused("not_found", root.call(method, customer_id=name, **more))["field"], "customer_id", method)
        self.assertEqual(self.refused("not_found", root.call("customer.merge", customer_id="c:app:u1", into="c:app:u11"))["field"], "into")
        self.refused("not_found", root.call("customer.get", customer_id="c:app:u11"))

    def send_file(self, channel, session, content, name):
        """The message carries it when this answers its id."""
        begun = channel.must("attachment.begin", session_id=session, name=name, type="file", size=len(content))
        file = begun["attachment_id"]
        channel.must("attachment.chunk", attachment_id=file, offset=0, data=content)
        channel.must("attachment.finish", attachment_id=file)
        channel.must("session.send", session_id=session, client_msg_id=name, type="file", body={"attachment_id": file})
        return file

    def test_an_erased_customers_files_cannot_be_read_and_are_not_on_the_disk(self):
        app, lin = self.daemon.channel("app"), self.daemon.agent("lin")
        secret, both = b"only the erased one has this " * 50, b"both customers have this " * 50
        mine, theirs = self.open(app, {"id": "u1", "name": "Ann"}), self.open(app, {"id": "u2", "name": "Bob"})
        for session in (mine, theirs):
            self.eventually(lambda: self.of_type(self.events(app, session), "assigned"))
        gone = [self.send_file(app, mine, secret, "Zyxwvut.txt"), self.send_file(app, mine, both, "b.txt")]
        kept = self.send_file(app, theirs, both, "c.txt")
        for session in (mine, theirs):
            app.must("session.close", session_id=session)
        for file in gone + [kept]:
            self.assertTrue(app.must("attachment.read", attachment_id=file)["data"])
        objects = os.path.join(self.daemon.folder, "data", "attachments", "objects", "**", "*")
        on_disk = lambda: [open(f, "rb").read() for f in glob.glob(objects, recursive=True) if os.path.isfile(f)]
        self.assertEqual(len(on_disk()), 2)
        self.assertEqual(self.ctl("customer", "erase", "c:app:u1", "--yes")["files_removed"], 2)
        for file in gone:
            self.refused("not_found", app.call("attachment.read", attachment_id=file))
        self.assertEqual(on_disk(), [both], "what another customer sent too stays")
        self.assertEqual(app.must("attachment.read", attachment_id=kept)["data"], both)
        app.close(), lin.close()
        self.assertEqual(self.daemon.terminate(), 0)
        self.daemon.start()
        self.assertEqual(self.daemon.terminate(), 0)
        for path in glob.glob(os.path.join(self.daemon.folder, "data", "**", "*.mdb"), recursive=True):
            with open(path, "rb") as data:
                self.assertNotIn(b"Zyxwvut", data.read(), path)
        self.daemon.start()
        self.assertEqual(self.daemon.channel("app").must("attachment.read", attachment_id=kept)["data"], both)

    def test_a_customer_erased_after_an_undone_merge_is_named_by_neither_former_partner(self):
        app, sun, lin = self.daemon.channel("app"), self.daemon.agent("sun"), self.daemon.agent("lin")
        secret = "Zyxwvut"
        who = "c:app:u-" + secret
        for customer, name in (("a", "Ann"), ("b", "Bob"), ("u-" + secret, "Name" + secret)):
            self.talk(app, {"id": customer, "name": name})
            self.eventually(lambda: [e for e in self.entries(sun, "c:app:" + customer) if e.get("closed_at")])
        sun.must("lead.create", customer_id=who, fields={"title": "lead " + secret})
        sun.must("customer.merge", customer_id=who, into="c:app:a")
        sun.must("customer.unmerge", customer_id=who)
        sun.must("customer.merge", customer_id="c:app:b", into=who)
        sun.must("customer.unmerge", customer_id="c:app:b")
        merges = lambda c: [r for r in sun.must("customer.changes", customer_id=c)["changes"] if r["what"] == "merge"]
        for other in ("c:app:a", "c:app:b"):
            self.eventually(lambda: len(merges(other)) == 2)
        self.ctl("customer", "erase", who, "--yes")
        for other in ("c:app:a", "c:app:b"):
            self.assertEqual(merges(other), [])
            self.assertTrue(sun.must("customer.get", customer_id=other)["identities"], "else as before")
        app.close(), sun.close(), lin.close()
        self.assertEqual(self.daemon.terminate(), 0)
        self.daemon.start()
        self.assertEqual(self.daemon.terminate(), 0)
        for path in glob.glob(os.path.join(self.daemon.folder, "data", "**", "data.mdb"), recursive=True):
            with open(path, "rb") as data:
                self.assertNotIn(secret.encode(), data.read(), path)

    def test_an_erased_customer_is_in_no_file_and_the_counts_stay(self):
        app, lin = self.daemon.channel("app"), self.daemon.agent("lin")
        secret = "Zyxwvut"
        session = self.talk(app, {"id": "u-" + secret, "name": "Name" + secret, "phone": "13855555555"}, "said " + secret)
        other = self.talk(app, {"id": "u2", "name": "Kept"}, "keep this")
        who = "c:app:u-" + secret
        lin.must("lead.create", customer_id=who, fields={"title": "lead " + secret})
        self.eventually(lambda: len(self.entries(lin, who)) == 2)
        opened = self.ctl("status")["sessions"]
        out = os.path.join(self.daemon.folder, "dossier.json")
        self.ctl("customer", "dossier", who, "--out", out)
        with open(out, encoding="utf-8") as text:
            dossier = json.load(text)
        self.assertIn("said " + secret, json.dumps(dossier["sessions"]))
        self.assertEqual(dossier["customers"][0]["profile"]["phone"]["value"], "13855555555")
        os.remove(out)
        self.ctl("customer", "erase", who, code=2)
        self.assertEqual(self.ctl("customer", "erase", who, "--dry-run")["sessions"], 1)
        live = self.open(app, {"id": "u-" + secret})
        self.eventually(lambda: len(self.entries(lin, who)) == 3)
        self.ctl("customer", "erase", who, "--yes", code=1)
        app.must("session.close", session_id=live)
        self.eventually(lambda: all(e.get("closed_at") for e in self.entries(lin, who) if e["kind"] == "session"))
        done = self.ctl("customer", "erase", who, "--yes")
        self.assertEqual(done["sessions"], 2)
        self.assertGreater(done["records_rewritten"], 5)
        self.ctl("customer", "erase", who, "--yes", code=1)
        self.assertEqual(lin.must("customer.search", name="name" + secret)["customers"], [])
        self.assertEqual(self.entries(lin, who), [])
        kept = self.ctl("status")["sessions"]
        self.assertEqual(kept["opened"], opened["opened"] + 1)
        # The channel's feed goes over the tombstones.
        app.must("channel.subscribe", consumer="c1", after="1.0")
        app.wait_event(other, "closed")
        app.close(), lin.close()
        self.assertEqual(self.daemon.terminate(), 0)
        self.daemon.start()
        self.assertEqual(self.daemon.terminate(), 0)
        for path in glob.glob(os.path.join(self.daemon.folder, "data", "**", "data.mdb"), recursive=True):
            with open(path, "rb") as data:
                self.assertNotIn(secret.encode(), data.read(), path)
        self.daemon.start()
        app, lin = self.daemon.channel("app"), self.daemon.agent("lin")
        self.assertIn("keep this", json.dumps(self.events(app, other)))
        self.talk(app, {"id": "u-" + secret}, "again")
        self.eventually(lambda: len(self.entries(lin, who)) == 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
