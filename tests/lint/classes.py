"""Classes stay small: at most 40 member functions and 15 fields. What is larger today is listed and may only shrink."""

import re
import sys

import source_tree

MOST_FUNCTIONS = 40
MOST_FIELDS = 15
# Plain data that is listed once (options, records, messages) may have more fields than a class with a life of its own.
MOST_FIELDS_OF_DATA = 30

# name: (functions, fields) as they are. Smaller: write the new number down; within the limits: take the line out.
LET_BE = {
    "actors/agent/agent_body.hpp agent_body": (51, 20),
    "actors/configuration/configuration_body.hpp configuration_body": (56, 12),
    "actors/customer/customer_body.hpp customer_body": (53, 15),
    "actors/session/session_body.hpp session_body": (126, 19),
    "actors/session/session_state.hpp session_state": (1, 41),
    "actors/skill_group/dispatcher_parts.hpp group_dispatcher::parts": (49, 31),
    "actors/skill_group/group_dispatcher.hpp group_dispatcher": (42, 4),
    "actors/skill_group/group_body.hpp group_body": (35, 26),
    "adapters/channel/feed/feed_pump.hpp feed_pump": (20, 16),
    "adapters/channel/transport/tcp_peer.hpp tcp_peer": (40, 35),
    "adapters/client/client_connection.cpp asio_connection": (27, 23),
    "adapters/web/web_connection.hpp web_connection": (21, 18),
    "runtime/cel/value.hpp value": (45, 3),
    "runtime/store/admission_gate.hpp admission_gate": (18, 20),
    "runtime/store/journal_lmdb.hpp journal_lmdb": (40, 20),
    "runtime/store/projector.hpp projector": (20, 19),
    "tests/actor/customer/customer_fixture.hpp customer_fixture": (10, 16),
    "tools/node/node.hpp node": (29, 40),
    "tools/simulation/seeded_run.hpp seeded_run": (16, 16),
    "tools/simulation/simulated_node.hpp simulated_node": (40, 19),
    "tools/simulation/simulated_people.hpp simulated_agent": (31, 22),
    "tools/simulation/simulated_people.hpp simulated_customer": (21, 21),
    "tools/switchboard-bench/dispatch_load.cpp dispatch_load": (19, 25),
    "tools/switchboardd/daemon.cpp daemon": (13, 29),
    "tools/whatif/run_state.hpp model_run": (52, 24),
}

SILENT = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^\s*#(?:[^\n]*\\\n)*[^\n]*', re.S | re.M)
HEAD = re.compile(r"\b(class|struct)\s+(?:\[\[\w+\]\]\s*)?([A-Za-z_]\w*(?:::\w+)*)\s*(?:final\s*)?(?::(?!:)[^;{}()]*)?\{")
PUBLIC = re.compile(r"\b(public|private|protected)\s*:(?!:)")
NO_MEMBER = re.compile(r"^(using|typedef|friend|template\s*<[^;]*>\s*(class|struct|friend)|enum|class|struct|static_assert|namespace)\b")


def closing(text, at):
    depth = 0
    for i in range(at, len(text)):
        if text[i] == "{":
            depth += 1
        elif text[i] == "}":
            depth -= 1
            if depth == 0:
                return i
    return len(text) - 1


def statements(body):
    """The declarations at the top of a class's body, without what stands in braces."""
    out, now, at = [], "", 0
    while at < len(body):
        c = body[at]
        if c == "{":
            end = closing(body, at)
            inner = now.strip()
            at = end + 1
            after = body[at:at + 40].lstrip()
            if is_function(inner) and not after.startswith((",", "{")) :
                out.append(inner + "{}")
                now = ""
                if after.startswith(";"):
                    at = body.index(";", at) + 1
            else:
                now += "{}"
            continue
        if c == ";":
            out.append(now.strip())
            now = ""
        else:
            now += c
        at += 1
    return [s for s in (PUBLIC.sub("", s).strip() for s in out) if s]


def without_templates(s):
    while True:
        t = re.sub(r"<[^<>]*>", "", s)
        if t == s:
            return s
        s = t


def is_function(s):
    s = without_templates(PUBLIC.sub("", s).strip())
    if NO_MEMBER.match(s) or re.match(r"^(class|struct|enum)\b", s):
        return False
    head = re.split(r"(?<![=!<>])=(?!=)", s)[0] if "operator" not in s else s
    return "(" in head


def fields_of(s):
    s = without_templates(s)
    s = re.sub(r"\{\}", "", s)
    s = re.sub(r"\([^()]*\)", "", s)
    return 1 + re.sub(r"=[^,]*", "", s).count(",")


def count(body):
    functions = fields = 0
    for s in statements(body):
        if is_function(s):
            if not s.rstrip("{}").rstrip().endswith(("= default", "= delete")):
                functions += 1
        elif not NO_MEMBER.match(s) and not s.startswith(("static", "constexpr", "inline static")) and s not in ("{}",):
            fields += fields_of(s)
    return functions, fields


def classes(root):
    """(path, name, functions, fields) of every class and struct."""
    for path in source_tree.files(root):
        text = SILENT.sub(lambda m: '""' if m[0][0] in "R\"'" else "\n" * m[0].count("\n"), "\n".join(source_tree.lines(root, path)))
        for found in HEAD.finditer(text):
            at = found.end() - 1
            yield path, found[2], *count(text[at + 1:closing(text, at)])


def check(root):
    troubles, seen = [], set()
    for path, name, functions, fields in classes(root):
        most_fields = MOST_FIELDS if functions > 3 else MOST_FIELDS_OF_DATA
        key = f"{path} {name}"
        over = functions > MOST_FUNCTIONS or fields > most_fields
        if key in LET_BE:
            seen.add(key)
            was = LET_BE[key]
            if functions > was[0] or fields > was[1]:
                troubles.append(f"{path}: {name} has grown: {functions} member functions, {fields} fields; it had {was[0]} and {was[1]}, and may only shrink")
            elif not over:
                troubles.append(f"{path}: {name} is within the limits: take it from the exceptions in classes.py")
        elif over:
            troubles.append(f"{path}: {name} has {functions} member functions and {fields} fields, {MOST_FUNCTIONS} and {most_fields} are the most")
    return troubles + [f"{key}: there is no such class: take it from the exceptions in classes.py" for key in sorted(set(LET_BE) - seen)
                       if source_tree_has(root, key)]


def source_tree_has(root, key):
    return any(True for _ in source_tree.files(root, (key.split()[0].split("/")[-1],)))


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1])))
