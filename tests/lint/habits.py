"""House style that a glance at the text can tell."""

import os
import re
import sys

import source_tree

MOST_LINES = 500
# Files that formatting made longer: split them; until then they may only shrink.
LONGER = {
    "actors/session/session_actor.cpp": 549,
}
BAD_STEMS = {"utils", "util", "helpers", "helper", "common", "types", "misc"}
# Put together here, so that this file does not find itself.
LEFT_OPEN = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w/.])/" + r"(work|home|root|Users|mnt|tmp/build\w*)/\w")
# A document named must be there: beside the file, at the top, in docs/ or in docs/decisions/.
DOCUMENT = re.compile(r"(?<![\w/.:*<>-])((?:\.\./)*[\w/-]+\.md)\b")
DECISION = re.compile(r"\bdocs/decisions/(\d{4})\b|\bdecision (\d{4})\b")
# A paper outside the repository, by its number.
OUTSIDE = re.compile(r"\bdesign (?:\u00a7 ?)?\d+\b")
# Files whose text is not ours, or that speak of such words.
LET_BE = {}


def troubles_of(path, lines):
    code = path.endswith(source_tree.CODE)
    stem = path.split("/")[-1].split(".")[0]
    if lines and lines[-1] == "":
        lines = lines[:-1]
    else:
        yield f"{path}: the last line has no end"
    most = LONGER.get(path, MOST_LINES)
    if code and len(lines) > most:
        yield f"{path}: {len(lines)} lines, {most} are the most"
    if path in LONGER and len(lines) <= MOST_LINES:
        yield f"{path}: is short enough: take it from LONGER in habits.py"
    if code and stem in BAD_STEMS:
        yield f"{path}: a name that says nothing"
    if path.endswith(".hpp") and "#pragma once" not in lines:
        yield f"{path}: has no #pragma once"
    for number, line in enumerate(lines, 1):
        if line.rstrip() != line and not path.endswith(".md"):
            yield f"{path}:{number}: space at the end of the line"
        if code and "\t" in line:
            yield f"{path}:{number}: a tab"
        if LEFT_OPEN.search(line):
            yield f"{path}:{number}: something left open"
        if MACHINE.search(line):
            yield f"{path}:{number}: a path of one machine"
        if path.endswith(".hpp") and re.match(r"\s*using namespace ", line):
            yield f"{path}:{number}: using namespace in a header"


def documents_of(path, lines, root, decisions):
    for number, line in enumerate(lines, 1):
        for name in DOCUMENT.findall(line):
            places = (os.path.dirname(path), "", "docs", "docs/decisions")
            if not any(os.path.exists(os.path.join(root, p, name)) for p in places):
                yield f"{path}:{number}: names {name}, which is not there"
        for found in DECISION.findall(line):
            if "".join(found) not in decisions:
                yield f"{path}:{number}: names decision {''.join(found)}, which is not there"
        if OUTSIDE.search(line):
            yield f"{path}:{number}: names a paper that is not in the repository"


def check(root):
    troubles = []
    folder = os.path.join(root, "docs/decisions")
    decisions = {n[:4] for n in os.listdir(folder)} if os.path.isdir(folder) else set()
    for path in source_tree.files(root, source_tree.TEXT):
        if path not in LET_BE:
            lines = source_tree.lines(root, path)
            troubles += troubles_of(path, lines)
            # The lints' own tests name what is not there.
            if not path.startswith("tests/lint/"):
                troubles += documents_of(path, lines, root, decisions)
    return troubles


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1])))
