"""Dependencies run one way (docs/architecture.md): by includes alone.

    runtime/base <- runtime/text <- config <- runtime/* <- actors (pure) <- actors/messages <- actors' shells <- adapters <- tools

A shell is an actor's CAF side: *_actor, *_body, the sources that make up a body, and what stands in SHELLS.
"""

import re
import sys

import source_tree

BASE, FOLDING, CONFIG, RUNTIME, PURE, MESSAGES, SHELL, ADAPTER, TOOL, TEST = range(10)
NAMES = ("runtime/base", "runtime/text", "config", "runtime", "a pure room of actors", "actors/messages",
         "an actor's shell", "adapters", "tools", "tests")

# Parts of shells that their names do not show.
SHELLS = {
    "actors/agent/agent_pushes.hpp",
    "actors/agent/agent_pushes.cpp",
    "actors/agent/keyed_move.hpp",
    "actors/agent/keyed_move.cpp",
    "actors/directory/directory_view.hpp",
    "actors/directory/directory_view.cpp",
    "actors/directory/live_actors.hpp",
    "actors/directory/live_actors.cpp",
    "actors/customer/held_messages.hpp",
    "actors/customer/trail_extras.hpp",
    "actors/customer/trail_extras.cpp",
    "actors/skill_group/group_messages.hpp",
    "actors/skill_group/pending_claims.hpp",
}
# What is inside an actor and nobody else's, by file name.
INTERNAL = re.compile(r"_(body|machine|state)\.hpp$")

# One line each: who, what, and why it is let be. One that is no longer needed is a trouble too.
LET_BE = {
    ("actors/session/session_effect.hpp", "actors/messages/dispatch_messages.hpp"):
        "why a queue is left, as groups are told it",
    ("actors/session/session_participants.hpp", "actors/messages/edge_messages.hpp"):
        "a session_call that waits for a router or an agent, as it came",
    ("actors/session/session_readers.hpp", "actors/messages/edge_messages.hpp"):
        "a session_call that waits for the archive, as it came",
    ("actors/session/session_requests.hpp", "actors/messages/edge_messages.hpp"):
        "what is held until it is known whether it was answered, as it came",
    ("tools/switchboard-bench/main.cpp", "tests/bench/baseline_server.hpp"):
        "the bench measures the floor with the tests' server",
}

# A library and where it may be included.
LIBRARIES = (
    ("boost/asio", ("adapters/", "tools/", "tests/")),
    ("boost/beast", ("adapters/", "tools/", "tests/")),
    ("caf/", ("actors/", "adapters/", "runtime/hosting/", "tools/", "tests/")),
    ("lmdb.h", ("runtime/store/", "adapters/center/", "tools/switchboard-bench/", "tests/")),
    ("spdlog/", ("runtime/log/",)),
    ("prometheus/", ("runtime/metrics/", "tests/unit/metrics/")),
    ("yaml-cpp/", ("config/", "tools/", "tests/")),
    ("unicode/", ("runtime/text/", "tests/unit/text/")),
)
# What no file under actors/ includes: sockets, files, the network.
NOT_IN_ACTORS = re.compile(r"^(boost/asio|boost/beast|sys/|netinet/|arpa/|netdb\.h|unistd\.h|fcntl\.h|poll\.h|fstream$|filesystem$|caf/io)")
NOT_IN_ACTORS_LET_BE = {}
# The clock and chance are arguments.
CLOCKS = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\brandom_device\b|\b(gettimeofday|clock_gettime|time)\s*\(\s*(NULL|nullptr|0|&)")


def layer_of(path, body_parts=frozenset()):
    if path.startswith("runtime/base/"):
        return BASE
    if path.startswith("runtime/text/"):
        return FOLDING
    top = path.split("/")[0]
    if top != "actors":
        return {"config": CONFIG, "runtime": RUNTIME, "adapters": ADAPTER, "tools": TOOL}.get(top, TEST)
    if path.startswith("actors/messages/"):
        return MESSAGES
    shell = path in SHELLS or path in body_parts or re.search(r"_(actor|body)\.[ch]pp$", path)
    return SHELL if shell else PURE


def room_of(path):
    return "/".join(path.split("/")[:2])


def find_body_parts(root, paths):
    """Sources that include a *_body.hpp of their own room are that body."""
    return frozenset(
        p for p in paths if p.startswith("actors/") and p.endswith(".cpp")
        for _, _, what in source_tree.includes(root, p)
        if what.endswith("_body.hpp") and room_of(what) == room_of(p))


class check:
    def __init__(self, root):
        self.root = root
        self.paths = list(source_tree.files(root))
        self.known = set(self.paths)
        self.body_parts = find_body_parts(root, self.paths)
        self.used = set()
        self.troubles = []

    def run(self):
        for path in self.paths:
            for number, kind, what in source_tree.includes(self.root, path):
                if kind == '"':
                    self.own(path, number, what)
                else:
                    self.library(path, number, what)
            if path.startswith(("actors/", "runtime/cel/")):
                self.clock(path)
        for who, what in sorted((set(LET_BE) | set(NOT_IN_ACTORS_LET_BE)) - self.used):
            if who in self.known:
                self.troubles.append(f"{who}: no longer includes {what}: take it from the exceptions in layers.py")
        return self.troubles

    def say(self, path, number, text):
        self.troubles.append(f"{path}:{number}: {text}")

    def own(self, path, number, what):
        mine, theirs = layer_of(path, self.body_parts), layer_of(what, self.body_parts)
        if what not in self.known and "/" in what:
            return self.say(path, number, f"there is no {what} (includes are written from the root)")
        if mine == TEST:
            return
        if "/" not in what:
            return self.say(path, number, f'"{what}" is not written from the root')
        if (path, what) in LET_BE:
            self.used.add((path, what))
        elif path.startswith("runtime/cel/") and not what.startswith("runtime/cel/"):
            self.say(path, number, f"the rule language knows nothing of the project ({what})")
        elif theirs > mine:
            self.say(path, number, f"{NAMES[mine]} must not know {NAMES[theirs]} ({what})")
        elif what.endswith("_body.hpp") and room_of(path) != room_of(what):
            self.say(path, number, f"{what} is inside its actor")
        elif mine == ADAPTER and what.startswith("actors/") and INTERNAL.search(what):
            self.say(path, number, f"adapters know actors' interfaces, not {what}")

    def library(self, path, number, what):
        for name, folders in LIBRARIES:
            if what.startswith(name) and not path.startswith(folders):
                self.say(path, number, f"<{what}> belongs in {', '.join(folders)}")
        if what.startswith("caf/") and layer_of(path, self.body_parts) == PURE:
            self.say(path, number, f"a pure room knows no CAF (<{what}>)")
        if path.startswith("actors/") and NOT_IN_ACTORS.match(what):
            if (path, what) in NOT_IN_ACTORS_LET_BE:
                self.used.add((path, what))
            else:
                self.say(path, number, f"nothing under actors/ knows sockets or files (<{what}>)")

    def clock(self, path):
        for number, line in enumerate(source_tree.lines(self.root, path), 1):
            if CLOCKS.search(line.split("//")[0]):
                self.say(path, number, "time and chance are arguments here")


if __name__ == "__main__":
    sys.exit(source_tree.report(check(sys.argv[1]).run()))
