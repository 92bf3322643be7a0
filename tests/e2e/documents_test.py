"""What README and tutorial tell a reader to type is typed, and what they show is compared, from the documents' own text."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from daemon_fixture import ROOT
from document_play import DocumentPlay, blocks_of, without_comments

# The documents whose blocks are run, and their translations.
PLAYED = {"README.md": "README.zh-CN.md", "docs/tutorial.md": "docs/zh-CN/tutorial.md"}
TRANSLATED = {**PLAYED, "docs/operations.md": "docs/zh-CN/operations.md"}


class Documents(unittest.TestCase):
    def play(self, document, patience=20):
        """In a folder of its own."""
        folder = tempfile.mkdtemp(prefix="switchboard-document-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        play = DocumentPlay(folder)
        play.patience = patience
        self.addCleanup(play.close)
        for block in blocks_of(os.path.join(ROOT, document)):
            if block.does != "not run":
                play.play(block)

    def test_the_tutorial_works_as_it_is_written(self):
        self.play("docs/tutorial.md")

    def test_the_readme_works_as_it_is_written(self):
        self.play("README.md")

    def test_what_a_document_says_wrongly_is_found(self):
        wrong = {"<!-- run -->\n```sh\nfalse\ntrue\n```\n": "it failed",
                 "<!-- run, fails -->\n```sh\ntrue\n```\n": "it did not fail",
                 "<!-- run -->\n```sh\necho one\n```\n\n<!-- shows -->\n```text\ntwo\n```\n": "was not printed",
                 "<!-- run in other -->\n```sh\ncat\n```\n\n<!-- type in other -->\n```text\nhello\n```\n\n"
                 "<!-- shows in other -->\n```text\nhello ... you\n```\n": "did not come"}
        for text, said in wrong.items():
            folder = tempfile.mkdtemp(prefix="switchboard-document-")
            self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
            path = os.path.join(folder, "wrong")
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            with self.subTest(said), self.assertRaisesRegex(AssertionError, said):
                self.play(path, 2)

    def test_every_block_says_what_is_done_with_it(self):
        for document in PLAYED:
            blocks = blocks_of(os.path.join(ROOT, document))
            self.assertGreater(len(blocks), 3)
            for block in blocks:
                self.assertIsNotNone(block.does, f"{document}:{block.line}: {block.mark!r} is no mark of tests/e2e/document_play.py")
                self.assertEqual(bool(block.why), block.does == "not run", f"{document}:{block.line}: says why it is not run")
            # One written by indentation would be shown and never run.
            self.assertIsNone(re.search(r"\n\n(?:    |\t)(?![-*\d ])", BLOCKS.sub("", text_of(os.path.join(ROOT, document)))), document)

    def test_the_translations_show_the_same_commands(self):
        for document, translation in TRANSLATED.items():
            with self.subTest(translation):
                ours, theirs = (commands_of(os.path.join(ROOT, d)) for d in (document, translation))
                self.assertGreater(len(ours), 5)
                self.assertEqual(ours, theirs)

    def test_the_translations_name_the_same_things(self):
        """Whatever stands in the original as code stands in the translation."""
        for document, translation in TRANSLATED.items():
            with self.subTest(translation):
                ours, theirs = (spans_of(os.path.join(ROOT, d)) for d in (document, translation))
                self.assertEqual(sorted(ours - theirs), [])


    def test_the_pictures_are_what_their_program_draws(self):
        pictures, folder = os.path.join(ROOT, "docs", "pictures"), tempfile.mkdtemp(prefix="switchboard-pictures-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run([sys.executable, os.path.join(pictures, "draw.py"), folder], check=True)
        drawn = sorted(os.listdir(folder))
        self.assertEqual(drawn, sorted(n for n in os.listdir(pictures) if n.endswith(".svg")))
        for name in drawn:
            self.assertEqual(text_of(os.path.join(folder, name)), text_of(os.path.join(pictures, name)), name)


def text_of(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def commands_of(path):
    """Blocks and indented lines, without what a translation may say otherwise."""
    blocks = [without_comments(b.text) for b in blocks_of(path) if b.kind not in ("text", "")]
    return blocks + [without_comments(line) for line in BLOCKS.sub("", text_of(path)).split("\n") if line.startswith("    ")]


def spans_of(path):
    return set(re.findall(r"`([^`\n]+)`", BLOCKS.sub("", text_of(path))))


BLOCKS = re.compile(r"^( *)```.*?^\1```$", re.S | re.M)

if __name__ == "__main__":
    unittest.main(verbosity=2)
