"""The examples of docs/protocol.md: read from the text, compared with what a daemon answers, written anew.

An example is a comment line that says who calls, the call's params as JSON, and the answer:

    // as lin: who does not serve it
    params: {"session_id": "SESSION_2"}
    error: {"code": "permission_denied", "message": "the session is served by chen"}

A notification has `// to lin` and params alone. Stand-ins (`SESSION_1`, `TIME`) stand for what differs from run to run.
Blocks marked `(shape)` hold figures of a moment: there keys and types are compared, not values.
"""
import base64
import json
import re

BLOCK = re.compile(r"<!-- example: (\S+)( \(shape\))? -->\n```text\n(.*?)\n```", re.S)
WHO = re.compile(r"// (as|to) (\w+)(?:: (.*))?$")
# What is replaced whatever it says, by key.
FIGURES = ("rev", "longest_wait_ms", "longest_waiting_ms", "uptime_ms", "spent_ms")
LONG_IDS = ("lead_id", "work_id", "next", "before")
LONG_TEXT = 1000


class Example:
    def __init__(self, method, who, note, push):
        self.method, self.who, self.note, self.push = method, who, note, push
        self.params, self.answer = {}, None  # answer: ("result" or "error", value)
        self.seen = None

    def text(self):
        lines = [f"// {'to' if self.push else 'as'} {self.who}" + (f": {self.note}" if self.note else ""), "params: " + dumped(self.params)]
        return "\n".join(lines + ([f"{self.answer[0]}: {dumped(self.answer[1])}"] if self.answer else []))


def dumped(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Document:
    """`blocks`: the examples of each method, in the order of the text."""

    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as source:
            self.text = source.read()
        self.blocks = {m[1]: self.examples(m[1], m[3]) for m in BLOCK.finditer(self.text)}
        self.by_shape = {m[1] for m in BLOCK.finditer(self.text) if m[2]}

    @staticmethod
    def examples(method, block):
        found = []
        for line in block.split("\n"):
            who = WHO.match(line)
            if who:
                found.append(Example(method, who[2], who[3] or "", who[1] == "to"))
                continue
            part, colon, value = line.partition(": ")
            if not colon or not found or part not in ("params", "result", "error"):
                raise ValueError(f"{method}: a line that is no part of an example: {line}")
            if part == "params":
                found[-1].params = json.loads(value)
            else:
                found[-1].answer = (part, json.loads(value))
        return found

    def write(self):
        """With what was seen in place of what was written; by shape, only where the shape is another."""
        def block(found):
            for e in self.blocks[found[1]]:
                if e.seen and not self.agrees(e):
                    if e.push:
                        e.params = e.seen[1]
                    else:
                        e.answer = e.seen
            examples = "\n".join(e.text() for e in self.blocks[found[1]])
            return f"<!-- example: {found[1]}{found[2] or ''} -->\n```text\n{examples}\n```"
        with open(self.path, "w", encoding="utf-8") as out:
            out.write(BLOCK.sub(block, self.text))

    def agrees(self, example):
        shown = ("params", example.params) if example.push else example.answer
        if shown is None or example.seen is None or shown[0] != example.seen[0]:
            return False
        if example.method in self.by_shape:
            return same_shape(shown[1], example.seen[1])
        return dumped(shown[1]) == dumped(example.seen[1])


def same_shape(a, b):
    """Objects have the same keys, lists the same kind of elements (as far as both have one), the rest the same type."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_shape(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return not a or not b or same_shape(a[0], b[0])
    number = (int, float)
    if isinstance(a, number) and isinstance(b, number):
        return isinstance(a, bool) == isinstance(b, bool)
    return a is None or b is None or type(a) is type(b)


class Names:
    """Stand-ins for what differs from run to run, and what they stood for last.

    The first session becomes SESSION_1, the second SESSION_2, and so on.
    """

    def __init__(self, given):
        self.sessions, self.latest = {}, dict(given)
        self.given = {value: name for name, value in given.items()}

    def clean(self, value, key=""):
        if isinstance(value, dict):
            return {k: self.clean(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.clean(v, key) for v in value]
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, str):
            return self.clean_text(value, key)
        if isinstance(value, int) and not isinstance(value, bool) and (value > 10**12 or key in FIGURES):
            return "REV" if key == "rev" else "TIME"
        return value

    def clean_text(self, value, key):
        name = self.given.get(value)
        if name:
            return name
        if key in ("day", "device_token", "cursor") or (key == "token" and len(value) == 32) or (key in LONG_IDS and len(value) >= 12):
            name = key.upper()
        elif len(value) > LONG_TEXT:
            name = "LONG_TEXT"
        elif re.fullmatch(r"g[0-9a-f]{16}", value):
            name = "SUGGESTION"
        else:
            name = self.clean_session(value)
        if name != value:
            self.latest[name] = value
        return name

    def clean_session(self, value):
        def stand_in(found):
            name = self.sessions.setdefault(found[1], f"SESSION_{len(self.sessions) + 1}")
            self.latest[name] = found[1]
            return name + (".n" if found[2] else "")
        value = re.sub(r"(s[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26})(\.[t0-9.]+)?", stand_in, value)
        value = re.sub(r"(SESSION_\d+)\.f[0-9a-f]{16}", r"\1.f", value)
        for real, name in self.given.items():
            value = value.replace(real, name)
        return re.sub(r"idle for [0-9.]+[a-z]+( \d\d[a-z])?", "idle for SPAN", value)

    def real(self, value, key, later_ms):
        """What a client sends for what the text shows."""
        if isinstance(value, dict):
            return {k: self.real(v, k, later_ms) for k, v in value.items()}
        if isinstance(value, list):
            return [self.real(v, key, later_ms) for v in value]
        if value == "TIME":
            return later_ms
        if key == "data" and isinstance(value, str):
            return base64.b64decode(value)
        return self.latest.get(value, value) if isinstance(value, str) else value
