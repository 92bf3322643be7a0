"""Runs the code blocks of a document from its text, as a reader would, in terminals.

A comment before each fenced block says what is done with it:

    <!-- run -->                  in the terminal; it ends by itself, and well
    <!-- run, fails -->           the same, and it says what is wrong
    <!-- shows -->                what the block before has printed; `...` stands for anything
    <!-- run in NAME -->          in another terminal, beside; it need not end
    <!-- type in NAME -->         lines typed there
    <!-- shows in NAME -->        what is to be seen there after that
    <!-- not run: WHY -->

Programs are those of SWITCHBOARDD's folder. Ports are asked for: where the text says 7701 the daemon's own port is
meant, and programs that would take that port without being told are told the other.
"""
import json
import os
import pty
import re
import select
import signal
import subprocess
import tempfile
import time

from daemon_fixture import DAEMON, ROOT

BLOCK = re.compile(r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)\n?^(?P=indent)```$", re.S | re.M)
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[@-_])|\r")
SESSION = "SESSION"
PROGRAMS = ("switchboardctl", "switchboard-sim", "switchboard-bench", "switchboard-demo")


class Block:
    def __init__(self, found, document):
        self.mark, self.kind, self.text = found["mark"] or "", found["kind"], found["text"]
        self.line = document.count("\n", 0, found.start()) + 1
        words = re.match(r"(run, fails|run|shows|type|not run)(?: in (\w+))?(?:: (.*))?$", self.mark)
        self.does, self.where, self.why = words.groups() if words else (None, None, None)


def blocks_of(path):
    with open(path, encoding="utf-8") as source:
        text = source.read()
    return [Block(found, text) for found in BLOCK.finditer(text)]


def without_comments(text):
    """What a translation may say otherwise: comments, and blanks before them."""
    return "\n".join(re.sub(r"\s+#\s.*$", "", line).rstrip() for line in text.split("\n") if not line.startswith("# "))


class Terminal:
    """A shell in a terminal of its own."""

    def __init__(self, folder, environment):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(["bash", "--norc", "--noprofile"], stdin=slave, stdout=slave, stderr=slave, cwd=folder,
                                        env={**environment, "PS1": "$ ", "TERM": "dumb", "COLUMNS": "200"}, start_new_session=True)
        os.close(slave)
        self.shown, self.seen = "", 0

    def type(self, text):
        os.write(self.master, text.encode())

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.shown += ESCAPES.sub("", os.read(self.master, 65536).decode(errors="replace"))
            except OSError:
                pass
        return self.shown

    def until(self, pattern, seconds=20):
        """What was shown since the last time, up to where the pattern matches."""
        end = time.time() + seconds
        while True:
            found = re.compile(pattern, re.M | re.S).search(self.shown, self.seen)
            if found:
                self.seen = found.end()
                return found
            if time.time() > end:
                raise AssertionError(f"{pattern}\ndid not come; the terminal shows\n{self.shown[self.seen:]}")
            self.read(0.1)

    def close(self):
        """Ends the shell and what runs in it."""
        for what in (signal.SIGTERM, signal.SIGKILL):
            running = children_of(self.process.pid)
            for pid in running:
                try:
                    os.kill(pid, what)
                except ProcessLookupError:
                    pass
            until = time.time() + (10 if running else 0)
            while time.time() < until and children_of(self.process.pid):
                self.read(0.05)
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as children:
            return [int(p) for p in children.read().split()]
    except FileNotFoundError:
        return []


def pattern_of(text):
    """Lines in their order, blanks alike, `...` anything."""
    lines = []
    for line in text.strip("\n").split("\n"):
        pieces = [r"\s+".join(re.escape(word) for word in piece.split()) for piece in line.split("...")]
        lines.append(r"[^\n]*?".join(pieces) if line.strip() != "..." else r".*?")
    return r"[ \t]*\n(?:[^\n]*\n)*?[ \t]*".join(lines)


class DocumentPlay:
    patience = 20

    def __init__(self, folder):
        self.folder, self.terminals, self.answer, self.port = folder, {}, "", None
        self.programs = os.path.join(folder, ".programs")
        os.makedirs(self.programs)
        real = os.path.dirname(os.path.abspath(DAEMON))
        self.put("switchboardd", f'case " $* " in *" --config "*|*" --demo "*|"  ") ;; *) exec {real}/switchboardd "$@" ;; esac\n'
                 f'case " $* " in *" --check-config "*) exec {real}/switchboardd "$@" ;; esac\n'
                 f'exec {real}/switchboardd "$@" --set listen.channel.port=0 --set metrics.port=0')
        self.put("switchboard-channel", f'if [ -f {self.programs}/port ]; then exec {real}/switchboard-channel "$@" '
                 f'--port "$(cat {self.programs}/port)"; fi\nexec {real}/switchboard-channel "$@"')
        for name in PROGRAMS:
            self.put(name, f'exec {real}/{name} "$@"')
        self.environment = {"PATH": self.programs + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder, "LANG": "C.UTF-8",
                            "PYTHONPATH": os.path.join(ROOT, "tools", "examples"), "PYTHONDONTWRITEBYTECODE": "1", "USER": "reader"}
        self.environment.update({k: os.environ[k] for k in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS") if k in os.environ})

    def put(self, name, text):
        path = os.path.join(self.programs, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write("#!/bin/sh\n" + text + "\n")
        os.chmod(path, 0o755)

    def close(self):
        # Who began first ends last: the daemon after its clients.
        for terminal in reversed(list(self.terminals.values())):
            terminal.close()

    def play(self, block):
        try:
            {"run": self.run, "run, fails": self.run, "shows": self.shows, "type": self.type}[block.does](block)
        except AssertionError as e:
            raise AssertionError(f"the block at line {block.line} ({block.mark}):\n{block.text}\n\n{e}") from None

    def real(self, text):
        self.look_for_port()
        if self.port:
            text = re.sub(r"\b7701\b", str(self.port), text)
        if re.search(rf"\b{SESSION}\b", text):
            text = re.sub(rf"\b{SESSION}\b", self.latest_session(), text)
        return text

    def look_for_port(self):
        for terminal in self.terminals.values():
            terminal.read(0)
            for ready in re.findall(r'^ready (\{.*?\})$', terminal.shown, re.M):
                self.port = json.loads(ready)["channel"]["port"]
                with open(os.path.join(self.programs, "port"), "w", encoding="utf-8") as out:
                    out.write(str(self.port))

    def latest_session(self):
        self.run_text("switchboardctl -o json sessions", True)
        return json.loads(self.answer)["data"]["sessions"][-1]["session_id"]

    # -- what is done with a block

    def run(self, block):
        if block.where:
            terminal = self.terminal(block.where)
            for line in self.real(block.text).split("\n"):
                terminal.type(line + "\n")
            return
        text = self.real(block.text)
        if block.kind == "python":
            path = os.path.join(self.programs, f"block-{block.line}.py")
            with open(path, "w", encoding="utf-8") as out:
                out.write(text + "\n")
            text = "/usr/bin/python3 " + path
        self.run_text(text, block.does == "run")

    def run_text(self, text, well):
        terminal = self.terminal("main", quiet=True)
        with tempfile.NamedTemporaryFile("w", dir=self.programs, suffix=".sh", delete=False) as script:
            script.write(text + "\n")
        output = script.name + ".out"
        # Sourced, so that what it sets stays set; every command's failure is noted.
        terminal.type(f"failed=0; set -E; trap 'failed=1' ERR; . {script.name} >{output} 2>&1 </dev/null; trap - ERR; echo \"ended=$failed=\"\n")
        ended = terminal.until(r"^ended=(\d)=$", 60)
        with open(output, encoding="utf-8", errors="replace") as printed:
            self.answer = printed.read()
        if (ended[1] == "0") != well:
            raise AssertionError(("it failed" if well else "it did not fail") + ":\n" + self.answer)

    def shows(self, block):
        pattern = pattern_of(block.text)
        if block.where:
            self.terminals[block.where].until(pattern, self.patience)
        elif not re.search(pattern, self.answer, re.M | re.S):
            raise AssertionError("was not printed; but:\n" + self.answer)

    def type(self, block):
        for line in self.real(block.text).split("\n"):
            self.terminals[block.where].type(line + "\r")
            time.sleep(0.3)

    def terminal(self, name, quiet=False):
        if name not in self.terminals:
            folder = self.folder
            if name != "main" and "main" in self.terminals:
                self.run_text("pwd", True)
                folder = self.answer.strip()
            self.terminals[name] = Terminal(folder, self.environment)
            if quiet:
                self.terminals[name].type("stty -echo; PS1=; PS2=\n")
        return self.terminals[name]
