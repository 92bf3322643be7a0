"""The company's services for tests: Apache with JSON files, and a proxy before it that spoils its answers."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

CLIENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients")

MAPPINGS = {
    "member": """
requests:
  by_member_id: {path: "/members/{member_id}.json", at: /data}
  by_union_id:
  by_phone: {path: "/members/phone/{phone}.json", at: /data}
  by_email:
fields: {member_id: /uid, level: /profile/grade, name: /profile/name}
""",
    "tag": """
requests:
  of_member: {path: "/members/{member_id}/tags.json"}
  of_identity:
""",
    "product": """
requests:
  find: {path: "/products/{product_id}.json"}
  search: {path: "/products.json"}
search: here
amounts: hundredths
""",
    "trade": """
requests:
  find: {path: "/orders/{order_id}.json"}
  orders: {path: "/members/{member_id}/orders.json"}
  together: {path: "/together.json"}
states: {PAID: paid, SENT: shipped, DONE: completed}
amounts: hundredths
""",
}


def run(script, *arguments):
    process = subprocess.Popen([sys.executable, os.path.join(CLIENTS, script), *arguments], stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    if not line.startswith("port "):
        raise RuntimeError(script + " did not start")
    return process, int(line.split()[1])


class Company:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="switchboard-centers-")
        self.processes = []
        apache, port = run("static_server.py", self.folder)
        self.processes.append(apache)
        proxy, self.port = run("fault_proxy.py", str(port), self.folder)
        self.processes.append(proxy)
        for center, text in MAPPINGS.items():
            self.write(center + ".yaml", text)

    def write(self, place, text):
        path = os.path.join(self.folder, place)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(path + ".new", path)

    def put(self, place, value):
        self.write("www/" + place + ".json", json.dumps(value, ensure_ascii=False))

    def mode(self, what):
        self.write("mode", what)

    def member(self, number, level=1, tags=()):
        """Found by id m<number> and by phone 1380000<number>."""
        record = {"uid": f"m{number}", "profile": {"grade": level, "name": f"Member {number}"}}
        self.put(f"members/m{number}", {"data": record})
        self.put(f"members/phone/1380000{number:04}", {"data": [record]})
        self.put(f"members/m{number}/tags", {"tags": list(tags)})

    def options(self, deadline="1s", fresh_for="0s", port=None, more=""):
        lines = ["centers:", "  dir: centers", "  credit_every: 200ms"]
        for center in MAPPINGS:
            lines += [f"  {center}:", "    kind: http", f"    url: http://127.0.0.1:{port or self.port}",
                      f"    mapping: {self.folder}/{center}.yaml", f"    deadline: {deadline}", f"    fresh_for: {fresh_for}"]
        lines += ["  http: {retries: 0, breaker_window: 6, breaker_pause: 300ms, breaker_longest_pause: 300ms, "
                  "breaker_probes: 1, stale_after: 100ms" + more + "}"]
        return "\n".join(lines) + "\n"

    def close(self):
        for process in self.processes:
            process.terminate()
            process.wait()
            process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
