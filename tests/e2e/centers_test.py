"""Centers over HTTP: what fails there never holds up a customer here."""
import json
import os
import subprocess
import time
import unittest

from center_fixture import Company
from daemon_fixture import Daemon, DaemonCase, agents_yaml, channels_yaml

CTL = os.environ.get("SWITCHBOARDCTL", "")
# The deadline of identification, and what a busy machine adds to a timer.
BUDGET_MS, SLACK_MS = 300, 400

DISPATCH = ("groups: [{id: general}, {id: vip}]\n"
            "rules:\n  - {name: gold, when: 'member.level >= 3', steps: [{group: vip}]}\n"
            "  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app") +
            agents_yaml({"lin": (["general"], 500), "vera": (["vip"], 500)}))


class CenterCase(DaemonCase):
    dispatch = DISPATCH
    dead_host = False
    more = ""

    def setUp(self):
        self.company = Company()
        self.addCleanup(self.company.close)
        options = self.company.options(port=1 if self.dead_host else None, **self.center_options())
        self.daemon = Daemon(self.dispatch, options).start()
        self.addCleanup(self.daemon.remove)
        self.app = self.daemon.channel()

    def center_options(self):
        return {}

    def open(self, number):
        return self.app.must("session.open", request_id=f"r{number}",
                             customer={"id": f"u{number}", "phone": f"+86 138-0000-{number:04}"})["session_id"]

    def when(self, session, kind):
        """The first event of that kind, and the milliseconds from the opening to it."""
        def look():
            events = self.events(self.app, session)
            found = [e for e in events if e["type"] == kind]
            return found and (found[0][kind], found[0]["at"] - events[0]["at"])
        return self.eventually(look)

    def centers(self):
        shown = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", "centers"],
                               check=True, capture_output=True, text=True)
        return {c["center"]: c for c in json.loads(shown.stdout)["data"]["centers"]}


class Faults(CenterCase):
    def test_through_every_fault_dispatch_goes_on_within_the_budget_and_the_breaker_is_seen(self):
        agents = [self.daemon.agent("lin"), self.daemon.agent("vera")]
        for number in range(100):
            self.company.member(number)
        self.company.mode("pass")
        found, took = self.when(self.open(0), "identified")
        self.assertEqual(found["member"]["id"], "m0")
        self.assertNotIn("degraded", found)
        self.assertLess(took, BUDGET_MS)
        number = 0
        for fault in ("slow 3", "status 500", "garbage", "nonsense", "reset", "hang"):
            with self.subTest(fault):
                self.company.mode(fault)
                for _ in range(8):
                    number += 1
                    session = self.open(number)
                    found, took = self.when(session, "identified")
                    self.assertTrue(any(d.startswith("identity: ") for d in found["degraded"]), found)
                    self.assertLess(took, BUDGET_MS + SLACK_MS)
                    self.when(session, "assigned")
                self.eventually(lambda: self.centers()["member"]["breaker"] != "closed", message="the breaker stayed closed")
                self.assertIn("last_trouble", self.centers()["member"])
                self.company.mode("pass")

                def recovered():
                    nonlocal number
                    number += 1
                    return "degraded" not in self.when(self.open(number), "identified")[0]
                self.eventually(recovered, message="it did not recover")
                self.assertEqual(self.centers()["member"]["breaker"], "closed")
        self.assertEqual([a.must("agent.snapshot")["state"] for a in agents], ["online", "online"])

    def test_the_list_of_centers_is_one_people_can_read(self):
        shown = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "centers"],
                               check=True, capture_output=True, text=True).stdout
        self.assertRegex(shown, r"member +http +closed")
        self.assertIn(f"http://127.0.0.1:{self.company.port}", shown)


class DeadHost(CenterCase):
    dead_host = True

    def test_with_a_host_where_nobody_listens_customers_are_served_all_the_same(self):
        lin = self.daemon.agent("lin")
        for number in range(12):
            session = self.open(number)
            found, took = self.when(session, "identified")
            self.assertTrue(found["degraded"])
            self.assertLess(took, BUDGET_MS + SLACK_MS)
            self.when(session, "assigned")
        self.assertEqual(lin.must("agent.snapshot")["used"], 12)
        self.assertEqual(self.centers()["member"]["breaker"], "open")
        self.assertGreater(self.centers()["member"]["kept_back"], 0)


class Late(CenterCase):
    def center_options(self):
        return {"deadline": "5s"}

    def test_a_late_answer_upgrades_the_waiting_session_where_it_stands(self):
        self.company.member(7, level=4, tags=("vip",))
        self.company.mode("slow 0.5")
        session = self.open(7)
        found, took = self.when(session, "identified")
        self.assertTrue(found["degraded"])
        self.assertLess(took, BUDGET_MS + SLACK_MS)
        self.assertEqual(self.when(session, "queued")[0]["group"], "general")

        def upgraded():
            queued = self.of_type(self.events(self.app, session), "queued")
            return len(queued) > 1 and queued[1]["group"] == "vip"
        self.eventually(upgraded)
        self.assertEqual(self.of_type(self.events(self.app, session), "identified")[1]["member"]["level"], 4)
        opened = self.events(self.app, session)[0]["at"]
        shown = subprocess.run([CTL, "--socket", os.path.join(self.daemon.folder, "control.sock"), "-o", "json", "session", session],
                               check=True, capture_output=True, text=True)
        self.assertEqual(json.loads(shown.stdout)["data"]["opened_at"], opened, "the age was not kept")
        vera = self.daemon.agent("vera")
        vera.wait_event(session, "assigned")
        self.assertEqual(self.when(session, "assigned")[0]["agent"]["id"], "vera")

    def test_a_late_failure_sends_nobody_through_the_queue_again(self):
        self.company.mode("slow 0.6")
        session = self.open(9)  # nobody by that telephone: what comes late says nothing new
        self.when(session, "queued")
        time.sleep(2)
        self.assertEqual(len(self.of_type(self.events(self.app, session), "queued")), 1)


class Goods(CenterCase):
    def setUp(self):
        super().setUp()
        self.lin = self.daemon.agent("lin")
        self.company.member(1, tags=("newcomer",))
        products = [{"product_id": "p1", "name": "Air fryer", "price": 39900, "stock": 3, "keywords": ["kitchen"]},
                    {"product_id": "p2", "name": "Fryer basket", "price": 4990, "stock": 9},
                    {"product_id": "p3", "name": "Welcome set", "price": 100, "stock": 9, "keywords": ["newcomer"]},
                    {"product_id": "p4", "name": "Kettle", "price": 8900, "stock": 9}]
        self.company.put("products", products)
        for product in products:
            self.company.put("products/" + product["product_id"], product)
        self.company.put("together", [{"product_id": "p2", "with": "p4", "orders": 3}])
        self.orders = []
        self.order("o1", "p4", "DONE", created=1_700_000_000_000)
        self.order("o9", "p4", "PAID", created=1_700_000_000_000, member="m2")
        self.company.mode("pass")
        self.session = self.open(1)
        self.when(self.session, "assigned")

    def order(self, order_id, product, state, created=None, member="m1"):
        record = {"order_id": order_id, "member_id": member, "state": state, "total": 8900,
                  "created": created or int(time.time() * 1000), "items": [{"product_id": product, "quantity": 2, "price": 4450}],
                  "logistics": {"carrier": "SF", "tracking_no": "SF1", "state": "in_transit", "last_place": "Hefei"}}
        self.company.put("orders/" + order_id, record)
        if member == "m1":
            self.orders.append(record)
            self.company.put("members/m1/orders", self.orders)

    def card(self, product, key):
        return self.lin.call("session.send", session_id=self.session, client_msg_id=key, type="product", body={"product_id": product})

    def test_a_product_is_shown_as_its_center_has_it_clicked_bought_and_credited(self):
        error, sent = self.card("p1", "c1")
        self.assertIsNone(error)
        body = [m["body"] for m in self.of_type(self.events(self.app, self.session), "message") if m["type"] == "product"][0]
        self.assertEqual((body["name"], body["price_hundredths"], body["currency"]), ("Air fryer", 39900, "CNY"))
        self.assertEqual(self.card("p1", "c1")[1]["seq"], sent["seq"], "the same key is the same card")
        self.refused("already_exists", self.card("p2", "c1"))
        self.assertEqual(self.refused("not_found", self.card("p99", "c2"))["field"], "body.product_id")
        self.assertEqual(self.refused("invalid_argument", self.lin.call(
            "session.send", session_id=self.session, client_msg_id="c3", type="product", body={}))["field"], "body.product_id")

        self.app.must("product.clicked", session_id=self.session, product_id="p1")
        self.app.must("product.clicked", session_id=self.session, product_id="p1")
        self.refused("not_found", self.app.call("product.clicked", session_id=self.session, product_id="p2"))
        seen = self.events(self.lin, self.session)
        self.assertEqual(self.of_type(seen, "product_clicked"), [{"message_seq": sent["seq"], "product_id": "p1"}])
        self.assertEqual(self.of_type(self.events(self.app, self.session), "product_clicked"), [], "agents only")

        self.order("o2", "p1", "PAID")
        bought = self.eventually(lambda: self.of_type(self.events(self.lin, self.session), "product_bought"))
        self.assertEqual((bought[0]["order_id"], bought[0]["amount_hundredths"]), ("o2", 8900))
        time.sleep(0.6)
        self.assertEqual(len(self.of_type(self.events(self.lin, self.session), "product_bought")), 1)
        credit = self.eventually(lambda: [a for a in self.lin.must("product.credit")["agents"] if a["bought"]])
        self.assertEqual(credit, [{"agent": "lin", "shown": 1, "clicked": 1, "bought": 1, "amounts_hundredths": {"CNY": 8900}}])
        self.refused("permission_denied", self.lin.call("product.credit", agent="vera"))

    def test_a_sale_after_the_session_is_over_is_credited_too_and_survives_a_kill(self):
        self.card("p1", "c1")
        self.lin.must("session.close", session_id=self.session)
        self.daemon.kill()
        self.daemon.start()
        self.order("o2", "p1", "PAID")
        lin = self.daemon.agent("lin", state=None)
        credit = self.eventually(lambda: [a for a in lin.must("product.credit")["agents"] if a["bought"]])
        self.assertEqual(credit[0]["amounts_hundredths"], {"CNY": 8900})

    def test_products_are_recommended_with_their_reasons(self):
        best = self.lin.must("product.recommend", session_id=self.session, text="fryer")
        self.assertEqual(best["degraded"], [])
        reasons = {p["product_id"]: p["reasons"] for p in best["products"]}
        self.assertEqual(reasons["p2"], [{"by": "keyword", "what": "fryer"}, {"by": "bought_together", "what": "p4", "orders": 3}])
        self.assertEqual(reasons["p3"], [{"by": "tag", "what": "newcomer"}])
        self.assertEqual(best["products"][0]["product_id"], "p2")
        self.assertNotIn("p4", reasons, "the customer has one")
        self.card("p2", "c1")
        after = self.lin.must("product.recommend", session_id=self.session, text="fryer")
        self.assertNotIn("p2", [p["product_id"] for p in after["products"]], "it has been shown")
        self.refused("permission_denied", self.daemon.agent("vera").call("product.recommend", session_id=self.session))

    def test_orders_are_listed_by_state_and_time_and_sent_as_a_card_of_the_same_customer(self):
        self.order("o2", "p1", "SENT", created=1_750_000_000_000)
        def ids(**params):
            return [o["order_id"] for o in self.lin.must("order.list", session_id=self.session, anew=True, **params)["orders"]]
        self.assertEqual(ids(), ["o2", "o1"])
        self.assertEqual(ids(states=["shipped"]), ["o2"])
        self.assertEqual(ids(to=1_740_000_000_000), ["o1"])
        self.refused("invalid_argument", self.lin.call("order.list", session_id=self.session, states=["sold"]))
        self.refused("invalid_argument", self.lin.call("order.list"))
        whole = self.lin.must("order.get", order_id="o2")["order"]
        self.assertEqual(whole["logistics"]["last_place"], "Hefei")

        def send(order, key):
            return self.lin.call("session.send", session_id=self.session, client_msg_id=key, type="order", body={"order_id": order})
        self.assertIsNone(send("o2", "c1")[0])
        body = [m["body"] for m in self.of_type(self.events(self.app, self.session), "message") if m["type"] == "order"][0]
        self.assertEqual((body["state"], body["total_hundredths"]), ("shipped", 8900))
        self.assertEqual(self.refused("permission_denied", send("o9", "c2"))["field"], "body.order_id")
        self.refused("not_found", send("o99", "c3"))

    def test_a_slow_trade_center_holds_up_nobody_and_the_answer_of_before_tells_its_age(self):
        self.assertEqual(self.lin.must("order.list", session_id=self.session)["age_ms"], 0)
        self.company.mode("slow 3")
        began = time.time()
        answer = self.lin.must("order.list", session_id=self.session)
        self.assertLess(time.time() - began, 0.8)
        self.assertGreater(answer["age_ms"], 0)
        self.assertEqual([o["order_id"] for o in answer["orders"]], ["o1"])
        began = time.time()
        self.refused("deadline_exceeded", self.lin.call("order.get", order_id="o1"))
        self.assertLess(time.time() - began, 2.5)
        began = time.time()
        self.lin.must("session.send", session_id=self.session, client_msg_id="t1", type="text", body={"text": "one moment"})
        self.assertLess(time.time() - began, 0.5)
        self.company.mode("status 500")
        self.refused("unavailable", self.card("p4", "c9"))
        self.company.mode("pass")
        self.eventually(lambda: self.lin.call("order.get", order_id="o1")[0] is None)


if __name__ == "__main__":
    unittest.main(verbosity=2)
