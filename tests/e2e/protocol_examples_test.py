"""docs/protocol.md shows what the daemon really answers: what is sent is read from it, and what comes back compared.

UPDATE=1 writes the answers anew. A new example is written into the document without its answer, and into the order in
which they are played (tools/examples/example_play.py).
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from daemon_fixture import ROOT, Daemon
from document_play import DocumentPlay, blocks_of
from example_play import Play
from examples_document import Document
from play_examples import Files

DOCUMENT = os.path.join(ROOT, "docs", "protocol.md")
EXAMPLES = os.path.join(ROOT, "config", "examples")


class ExamplesDaemon(Daemon):
    """With the files of config/examples instead of a test's own."""

    def __init__(self):
        super().__init__("")
        shutil.copytree(EXAMPLES, self.folder, dirs_exist_ok=True)
        with open(os.path.join(self.folder, "examples.yaml"), encoding="utf-8") as options:
            text = options.read() + "listen: {channel: {port: 0}}\nmetrics: {port: 0}\n"
        with open(os.path.join(self.folder, "daemon.yaml"), "w", encoding="utf-8") as out:
            out.write(text)
        for kind, file in (("member", "members"), ("tag", "tags"), ("product", "products"), ("trade", "orders")):
            subprocess.run([os.environ["SWITCHBOARDCTL"], "center", "import", kind, os.path.join(self.folder, file + ".jsonl"),
                            "--dir", os.path.join(self.folder, "centers")], check=True, stdout=subprocess.DEVNULL)


class ProtocolExamples(unittest.TestCase):
    def test_every_example_in_the_document_is_what_the_daemon_answers(self):
        daemon = ExamplesDaemon()
        self.addCleanup(daemon.remove)
        daemon.start()
        document = Document(DOCUMENT)
        play = Play(document, daemon.port, Files(daemon.folder, daemon.process.pid))
        play.play()
        self.assertEqual(play.left(), [], "examples that nobody plays")
        if os.environ.get("UPDATE"):
            return document.write()
        self.run_programs(daemon)
        for examples in document.blocks.values():
            for e in examples:
                with self.subTest(method=e.method, note=e.note):
                    self.assertTrue(document.agrees(e), f"the document has\n{e.text()}\nand the daemon answers\n{e.seen}")
        return None

    def run_programs(self, daemon):
        """The document's programs, on what the examples have left."""
        folder = tempfile.mkdtemp(prefix="switchboard-document-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        programs = DocumentPlay(folder)
        programs.port = daemon.port
        self.addCleanup(programs.close)
        for block in blocks_of(DOCUMENT):
            if block.does in ("run", "shows"):
                programs.play(block)

    def test_every_method_has_an_example(self):
        with open(os.path.join(ROOT, "actors", "access", "method_list.hpp"), encoding="utf-8") as source:
            methods = {f"{family}.{verb}" for family, verb in re.findall(r"X\((\w+), (\w+), ", source.read())}
        self.assertGreater(len(methods), 100)
        self.assertEqual(sorted(methods - set(Document(DOCUMENT).blocks)), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
