"""House style that a glance at the text can tell."""

import re
import sys

import source_tree

MOST_LINES = 500
BAD_STEMS = {"utils", "util", "helpers", "helper", "common", "types", "misc"}
# Put together here, so that this file does not find itself.
LEFT_OPEN = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE = re.compile(r"(?<![\w/.])/" + r"(work|home|root|Users|mnt|tmp/build\w*)/\w")
# Files whose text is not ours, or that speak of such words.
LET_BE = {}


def troubles_of(path, lines):
    code = path.endswith(source_tree.CODE)
    stem = path.split("/")[-1].split(".")[0]
    if lines and lines[-1] == "":
        lines = lines[:-1]
    else:
        yield f"{path}: the last line has no end"
    if code and len(lines) > MOST_LINES:
        yield f"{path}: {len(lines)} lines, {MOST_LINES} are the most"
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


def check(root):
    troubles = []
    for path in source_tree.files(root, source_tree.TEXT):
        if path not in LET_BE:
            troubles += troubles_of(path, source_tree.lines(root, path))
    return troubles


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1])))
