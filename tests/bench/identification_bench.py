"""What identification adds, with embedded centers: milliseconds from `opened` to `identified`, by the events' own times.

SWITCHBOARDD and SWITCHBOARDCTL name the programs. Prints JSON.
"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from daemon_fixture import Daemon, agents_yaml, channels_yaml  # noqa: E402

SESSIONS, MEMBERS = 2000, 10000


def fill(daemon, kind, rows):
    path = os.path.join(daemon.folder, kind + ".jsonl")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(json.dumps(row) for row in rows))
    subprocess.run([os.environ["SWITCHBOARDCTL"], "center", "import", kind, path, "--dir", os.path.join(daemon.folder, "centers")],
                   check=True, stdout=subprocess.DEVNULL)


def main():
    daemon = Daemon("groups: [{id: general, queue: {max: 100000}}]\nrules: [{name: all, steps: [{group: general}]}]\n" +
                    channels_yaml("app") + agents_yaml({"lin": (["general"], 1)}))
    daemon.start()
    try:
        fill(daemon, "member", [{"member_id": f"m{n}", "level": n % 5, "phone": f"1380000{n:04}"} for n in range(MEMBERS)])
        fill(daemon, "tag", [{"member_id": f"m{n}", "tags": ["vip"]} for n in range(MEMBERS)])
        fill(daemon, "trade", [{"order_id": f"o{n}", "member_id": f"m{n}", "state": "paid", "created": "2026-01-01"}
                               for n in range(MEMBERS)])
        app, took = daemon.channel(), []
        for n in range(SESSIONS):
            session = app.must("session.open", request_id=f"r{n}", customer={"id": f"u{n}", "phone": f"1380000{n:04}"})["session_id"]
            while True:
                events = app.must("session.events", session_id=session, after=0)["events"]
                at = {e["type"]: e["at"] for e in events}
                if "identified" in at:
                    break
                time.sleep(0.001)
            assert [e for e in events if e["type"] == "identified"][0]["identified"]["member"]["id"] == f"m{n}"
            took.append(at["identified"] - at["opened"])
        took.sort()
        print(json.dumps({"sessions": SESSIONS, "members": MEMBERS, "unit": "ms", "p50": took[len(took) // 2],
                          "p99": took[len(took) * 99 // 100], "mean": round(sum(took) / len(took), 3), "most": took[-1]}))
    finally:
        daemon.remove()


main()
