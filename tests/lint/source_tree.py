"""The source files of the project, as the lint checks see them."""

import os
import re

FOLDERS = ("actors", "adapters", "config", "docs", "runtime", "tests", "tools")
LEFT_OUT = {"build", "node_modules", "__pycache__", "data"}
CODE = (".cpp", ".hpp", ".c", ".h")
TEXT = CODE + (".py", ".sh", ".cmake", ".md", ".yaml", ".yml", ".txt", ".js", ".ts", ".css", ".html")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def files(root, endings=CODE, folders=FOLDERS):
    """Paths relative to `root`, sorted."""
    for folder in folders:
        for at, inner, names in os.walk(os.path.join(root, folder)):
            inner[:] = sorted(d for d in inner if d not in LEFT_OUT and not d.startswith("."))
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(at, name), root).replace(os.sep, "/")


def lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8", newline="") as f:
        return f.read().split("\n")


def includes(root, path):
    """(line number, "<" or '"', what) of every include."""
    for number, line in enumerate(lines(root, path), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found[1], found[2]


def report(troubles):
    """Prints them; the exit code."""
    for t in troubles:
        print(t)
    print(f"{len(troubles)} trouble(s)" if troubles else "good")
    return 1 if troubles else 0
