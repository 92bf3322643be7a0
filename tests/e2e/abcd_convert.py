#!/usr/bin/env python3
"""Turns conversations of the ABCD data set (Action-Based Conversations Dataset, ASAPP, MIT licence) into what the
embedded centers import and the demo player pushes.

    abcd_convert.py [--input abcd_sample.json] --output FOLDER

writes members.jsonl, products.jsonl, orders.jsonl and requests.jsonl there. Without the input, or when that file is
absent, the two conversations at the end of this file are converted instead, so that tests run everywhere.
"""

import argparse
import ast
import json
import pathlib
import re
import sys

LEVELS = {"guest": 0, "bronze": 1, "silver": 2, "gold": 3, "platinum": 4}

# What a conversation of each flow asks for, in the words of the demo's rules.
INTENTS = {
    "product_defect": "refund",
    "order_issue": "order",
    "shipping_issue": "logistics",
    "manage_account": "account",
    "account_access": "account",
    "purchase_dispute": "complaint",
    "subscription_inquiry": "account",
    "single_item_query": "presale",
    "storewide_query": "presale",
    "troubleshoot_site": "account",
}


def slug(text):
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def member_id(conversation):
    """The user name where there is one; else the conversation stands for the person."""
    user = conversation["scenario"]["personal"].get("username")
    return "abcd_" + slug(user or str(conversation["convo_id"]))


def member_of(conversation):
    person = conversation["scenario"]["personal"]
    member = {
        "member_id": member_id(conversation),
        "level": LEVELS.get(person.get("member_level", "guest"), 0),
        "name": person.get("customer_name", "").title(),
    }
    for key in ("phone", "email"):
        if person.get(key):
            member[key] = person[key]
    return member


def bought(conversation):
    """The order's products; the data set writes that list in Python's notation."""
    text = conversation["scenario"].get("order", {}).get("products", "")
    items = ast.literal_eval(text) if isinstance(text, str) and text else text
    return items or []


def product_of(item):
    brand, kind = item["brand"].replace("_", " "), item["product_type"].replace("_", " ")
    return {
        "product_id": slug(f"{brand} {kind}"),
        "name": f"{brand} {kind}".title(),
        "brand": brand.title(),
        "category": kind,
        "price": str(item["amount"]),
        "currency": "USD",
        "stock": 10,
    }


def order_of(conversation):
    order = conversation["scenario"].get("order", {})
    if not order.get("order_id"):
        return None
    items = [product_of(item) for item in bought(conversation)]
    return {
        "order_id": order["order_id"],
        "member_id": member_id(conversation),
        "state": "completed",
        "created": order.get("purchase_date", "2019-11-01"),
        "currency": "USD",
        "total": str(sum(item["amount"] for item in bought(conversation))),
        "items": [
            {"product_id": i["product_id"], "name": i["name"], "quantity": 1, "price": i["price"]}
            for i in items
        ],
        "attributes": {
            key: order[key] for key in ("city", "state", "payment_method") if order.get(key)
        },
    }


def request_of(conversation):
    scenario = conversation["scenario"]
    person = scenario["personal"]
    customer = {"id": f"abcd-{conversation['convo_id']}", "name": person["customer_name"].title()}
    for key in ("phone", "email"):
        if person.get(key):
            customer[key] = person[key]
    # Lines of "action" are the agent's tools speaking, which nobody in the conversation sees.
    turns = [
        {"from": speaker, "text": text}
        for speaker, text in conversation["original"]
        if speaker in ("customer", "agent")
    ]
    request = {
        "request_id": f"abcd-{conversation['convo_id']}",
        "channel": "app",
        "customer": customer,
        "entry": "home",
        "intent": INTENTS.get(scenario["flow"], "order"),
        "subject": scenario["subflow"].replace("_", " "),
        "skills": {"english": 3},
        "turns": turns,
    }
    if scenario.get("order", {}).get("order_id"):
        request["attributes"] = {"order_id": scenario["order"]["order_id"]}
    return request


def convert(conversations):
    """File name to rows. A person or a product of several conversations is written once."""
    members = {m["member_id"]: m for m in map(member_of, conversations)}
    products = {p["product_id"]: p for c in conversations for p in map(product_of, bought(c))}
    orders = {o["order_id"]: o for o in map(order_of, conversations) if o}
    return {
        "members.jsonl": list(members.values()),
        "products.jsonl": list(products.values()),
        "orders.jsonl": list(orders.values()),
        "requests.jsonl": [request_of(c) for c in conversations],
    }


def conversations_in(path):
    """All conversations of a file: a list, or the data set's own {train, dev, test}."""
    if path is None or not path.exists():
        return OWN_SAMPLES
    data = json.loads(path.read_text(encoding="utf-8"))
    return data if isinstance(data, list) else [c for part in data.values() for c in part]


OWN_SAMPLES = [
    {
        "convo_id": 1,
        "scenario": {
            "personal": {
                "customer_name": "robin vale",
                "email": "rvale1@example.com",
                "member_level": "silver",
                "phone": "(202) 555-0143",
                "username": "rvale1",
            },
            "order": {
                "order_id": "1000000001",
                "purchase_date": "2019-11-02",
                "city": "springfield",
                "payment_method": "credit card",
                "products": "[{'brand': 'north_pine', 'product_type': 'jacket', 'amount': 79}]",
            },
            "flow": "shipping_issue",
            "subflow": "missing",
        },
        "original": [
            ["agent", "Hello, how can I help you today?"],
            ["customer", "Hi, my jacket says delivered but it is not here."],
            ["action", "Account has been pulled up for Robin Vale."],
            ["agent", "Sorry about that, Robin. May I have the order id?"],
            ["customer", "1000000001"],
            ["agent", "Thank you. I am sending another one today."],
            ["customer", "Perfect, thanks."],
        ],
    },
    {
        "convo_id": 2,
        "scenario": {
            "personal": {"customer_name": "dana ortiz", "phone": "(202) 555-0177"},
            "order": {"city": "riverton"},
            "flow": "storewide_query",
            "subflow": "timing",
        },
        "original": [
            ["customer", "When does the spring sale begin?"],
            ["agent", "On Friday at nine. Members get in an hour earlier."],
            ["customer", "Good to know, bye!"],
        ],
    },
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--input", type=pathlib.Path)
    arguments.add_argument("--output", type=pathlib.Path, required=True)
    chosen = arguments.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    for name, rows in convert(conversations_in(chosen.input)).items():
        with open(chosen.output / name, "w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{name}: {len(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
