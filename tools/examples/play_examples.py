"""Plays the examples of docs/protocol.md: play_examples.py --document FILE --folder FOLDER --port N --pid N

FOLDER is a copy of config/examples in which a daemon serves that has seen nobody yet. Prints each example as it was
answered, with the ids of this run's sessions at the end; the exit code says whether all answers were as written.
"""
import argparse
import os
import signal
import sys
import tempfile

from example_play import Play
from examples_document import Document, dumped


class Files:
    """The dispatch file of the daemon that is played with, and a place for its backup."""

    def __init__(self, folder, pid):
        self.path, self.pid = os.path.join(folder, "dispatch.yaml"), pid
        with open(self.path, encoding="utf-8") as text:
            self.dispatch = text.read()
        self.backup_dir = os.path.join(tempfile.mkdtemp(prefix="backup-", dir=folder), "monday")

    def change_dispatch(self, before, after):
        with open(self.path, "w", encoding="utf-8") as out:
            out.write(self.dispatch.replace(before, after))
        os.kill(self.pid, signal.SIGHUP)


def show(document):
    def say(example):
        told = "pushed to" if example.push else "called as"
        print(f"\n{example.method}  {told} {example.who}" + (f": {example.note}" if example.note else ""))
        if not example.push:
            print("  " + dumped(example.params))
        good = document.agrees(example)
        print(f"  {'→' if good else '≠'} {dumped(example.seen[1])}", flush=True)
        if not good:
            shown = ("params", example.params) if example.push else example.answer
            print(f"    the document has {shown[0]} {dumped(shown[1])}" if shown else "    the document has no answer", flush=True)
    return say


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    words.add_argument("--document", required=True)
    words.add_argument("--folder", required=True)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--pid", type=int, required=True)
    chosen = words.parse_args()
    document = Document(chosen.document)
    play = Play(document, chosen.port, Files(chosen.folder, chosen.pid), show(document))
    play.play()
    everything = [e for examples in document.blocks.values() for e in examples]
    wrong = [e for e in everything if e.seen and not document.agrees(e)]
    print()
    for session, name in play.names.sessions.items():
        print(f"{name} is {session}")
    print(f"\n{len(everything) - len(wrong) - len(play.left())} of {len(everything)} examples of {len(document.blocks)} methods and notifications "
          "were answered as the document has them")
    return 1 if wrong or play.left() else 0


if __name__ == "__main__":
    sys.exit(main())
