"""Every event that the daemon logs stands in docs/log_events.md, with its level and its fields, and no other does."""

import re
import sys

import source_tree

PAGE = "docs/log_events.md"
FOLDERS = ("actors", "adapters", "config", "runtime", "tools")
CALL = re.compile(r"\blog::(trace|debug|info|warn|error|write)\(")
LITERAL = re.compile(r'"([a-z][a-z0-9_]*)"')
KEY = re.compile(r'\{\s*(?:[\w.>()-]+\s*\?\s*)?"([a-z_0-9]+)"(?:\s*:\s*"([a-z_0-9]+)")?\s*,')
# Where the event's name is no literal of the call: what stands there, and where the names stand then.
INDIRECT = {
    "event_of(m)": (re.compile(r'return "([a-z_]+)";'), "actors/configuration/configuration_orders.cpp"),
    # What the store tells an operator (store_options::on_notice), as `say` or `notice`.
    "event": (re.compile(r'\b(?:say|notice)\(\s*"([a-z_]+)"\s*,'), "runtime/store/"),
}
# Where the level is decided by the end of the name, and how that is written there.
BY_ENDING = "tools/switchboardd/daemon_plan.cpp"
ENDING = re.compile(r'event\.ends_with\("(_[a-z]+)"\)')
# The log itself, which passes on what it is given.
LET_BE = ("runtime/log/",)
ROW = re.compile(r"^\| `([a-z0-9_]+)` \| (\w+) \| (.*?) \|")


def arguments(text, start):
    """What stands between the parenthesis before `start` and its end, split at the commas of the outermost level."""
    parts, depth, quoted, at = [""], 1, False, start
    while at < len(text):
        c = text[at]
        if c == '"' and text[at - 1] != "\\":
            quoted = not quoted
        if not quoted:
            depth += (c in "({[") - (c in ")}]")
            if depth == 0:
                return [p.strip() for p in parts]
        if c == "," and depth == 1 and not quoted:
            parts.append("")
        else:
            parts[-1] += c
        at += 1
    return [p.strip() for p in parts]


def logged(root, troubles):
    """{event: (level, fields)}"""
    events, indirect = {}, {}
    sources = {path: "\n".join(source_tree.lines(root, path)) for path in source_tree.files(root, folders=FOLDERS)}
    for path, text in sources.items():
        if path.startswith(LET_BE):
            continue
        for call in CALL.finditer(text):
            given = arguments(text, call.end())
            level = None if call[1] == "write" else call[1]
            name, rest = (given[1], given[2:]) if call[1] == "write" else (given[0], given[1:])
            fields = {k for found in KEY.findall(",".join(rest)) for k in found if k}
            if name in INDIRECT:
                indirect.setdefault(name, (level, set()))[1].update(fields)
                continue
            names = LITERAL.findall(name)
            if not names:
                troubles.append(f"{path}: logs {name}: a name that tests/lint/log_events.py cannot follow")
            for event in names:
                known = events.setdefault(event, (level, set()))
                known[1].update(fields)
    bad = tuple(ENDING.findall(sources.get(BY_ENDING, "")))
    for name, (level, fields) in indirect.items():
        pattern, place = INDIRECT[name]
        for path, text in sources.items():
            if path.startswith(place):
                for event in pattern.findall(text):
                    decided = level or ("error" if event.endswith(bad) else "info")
                    events.setdefault(event, (decided, set()))[1].update(fields)
    return events


def listed(root, troubles):
    """{event: (level, fields)} of the page's tables."""
    events = {}
    for row in filter(None, map(ROW.match, source_tree.lines(root, PAGE))):
        if row[1] in events:
            troubles.append(f"{PAGE}: {row[1]} is listed twice")
        events[row[1]] = (row[2], set(LITERAL.findall(row[3].replace("`", '"'))))
    return events


def check(root):
    troubles = []
    code, page = logged(root, troubles), listed(root, troubles)
    for event, (level, fields) in sorted(code.items()):
        if event not in page:
            troubles.append(f"{PAGE}: {event} is logged and not listed")
            continue
        shown_level, shown_fields = page[event]
        if shown_level != level:
            troubles.append(f"{PAGE}: {event} is logged as {level}, listed as {shown_level}")
        if shown_fields != fields:
            troubles.append(f"{PAGE}: {event} has the fields {', '.join(sorted(fields))}; listed are {', '.join(sorted(shown_fields))}")
    troubles += [f"{PAGE}: {event} is listed and nowhere logged" for event in sorted(page.keys() - code.keys())]
    return troubles


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1])))
