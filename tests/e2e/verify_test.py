"""Damage is named: by `store verify` wherever it lies, and by a backup of a daemon that goes on."""
import glob
import json
import os
import subprocess
import unittest

from full_store_test import CTL, StoreCase

PAGE = 4096


def flip(path, at, bit=0x40):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ bit]))


def flip_all(path, words):
    """Wherever they lie: pages of older transactions have them too."""
    with open(path, "rb") as file:
        data = file.read()
    at = data.find(words)
    assert at >= 0, path
    while at >= 0:
        flip(path, at)
        at = data.find(words, at + 1)


class Damage(StoreCase):
    def path(self, *parts):
        return os.path.join(self.daemon.folder, *parts)

    def verify(self, *words, code=0):
        run = subprocess.run([CTL, "-o", "json", "store", "verify", *words], capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return json.loads(run.stdout)

    def flip_where(self, path, words):
        """One bit of the head of each page that holds the words: some are left of older transactions, and nobody reads them."""
        flipped = []
        with open(path, "r+b") as file:
            data = file.read()
            at = data.find(words)
            while at >= 0:
                page = at // PAGE
                while int.from_bytes(data[page * PAGE:page * PAGE + 8], "little") != page:
                    page -= 1  # within a value of several pages
                # Which page it is, or where its first entry begins.
                place = page * PAGE + (1 if data[page * PAGE + 10] & 0x04 else 17)
                if place not in [p for p, _ in flipped]:
                    flipped.append((place, data[place]))
                    file.seek(place)
                    file.write(bytes([data[place] ^ 0x40]))
                at = data.find(words, (at // PAGE + 1) * PAGE)
        self.assertTrue(flipped, path)
        return flipped

    def flip_back(self, path, flipped):
        with open(path, "r+b") as file:
            for place, byte in flipped:
                file.seek(place)
                # Written anew meanwhile: it is as it should be.
                if file.read(1)[0] == byte ^ 0x40:
                    file.seek(place)
                    file.write(bytes([byte]))

    def filled(self):
        rows = [{"product_id": f"P{n}", "name": f"Desk lamp {n}", "price": "39.90", "stock": 7} for n in range(50)]
        with open(self.path("product.jsonl"), "w", encoding="utf-8") as out:
            out.write("\n".join(json.dumps(r) for r in rows))
        subprocess.run([CTL, "center", "import", "product", self.path("product.jsonl"), "--dir", self.path("centers")],
                       check=True, stdout=subprocess.DEVNULL)
        app = self.daemon.channel()
        lin = self.lin = self.daemon.agent("lin")  # who stays for as long as the test does
        for n in range(40):
            session = self.talk(app, f"u{n}", f"what was said {n} " * 20)
        file = lin.must("attachment.begin", session_id=session, name="lamp.txt", type="file", size=9)["attachment_id"]
        lin.must("attachment.chunk", attachment_id=file, offset=0, data=b"desk lamp")
        lin.must("attachment.finish", attachment_id=file)
        lin.must("session.send", session_id=session, client_msg_id="f", type="file", body={"attachment_id": file})
        return file

    def test_store_verify_reads_centers_attachments_and_their_index_and_names_what_is_damaged(self):
        file = self.filled()
        self.assertEqual(self.daemon.terminate(), 0)
        data, centers = self.path("data"), self.path("centers")
        self.assertEqual(self.verify(data, "--centers", centers)["data"]["attachments"], 1)
        whole = self.verify(os.path.join(data, "store"))["data"]
        self.assertEqual((whole["attachments"], whole["contents"]), (1, 1))

        def named(*words, where=()):
            why = self.verify(data, *where, code=1)["error"]
            for word in words:
                self.assertIn(word, why["message"])
            return why["details"]["damaged"] if "details" in why else why.get("damaged", [])

        content = glob.glob(os.path.join(data, "attachments/objects/*/*"))[0]
        flip(content, 3)
        named("lamp.txt", file, os.path.basename(content))
        flip(content, 3)
        index = os.path.join(data, "attachments/index/data.mdb")
        flip_all(index, b"lamp.txt")
        named("attachments/index", "entries", file)
        flip_all(index, b",amp.txt")
        os.rename(content, content + ".away")
        named("lamp.txt", "not there")
        os.rename(content + ".away", content)
        flip_all(os.path.join(centers, "data.mdb"), b"Desk lamp 17")
        named("centers", "damaged", where=("--centers", centers))
        self.verify(data)
        # Everything that is damaged is named at once.
        flip(content, 3)
        named("centers", "lamp.txt", where=("--centers", centers))

    def test_a_flipped_bit_under_a_running_daemon_is_named_by_the_backup_and_the_daemon_goes_on(self):
        self.filled()
        app = self.daemon.channel()
        for file, words in (("data/store/state/data.mdb", b"what was said 7 "), ("data/store/journal/data.mdb", b"what was said 9 "),
                            ("centers/data.mdb", b"Desk lamp 17"), ("data/attachments/index/data.mdb", b"lamp.txt")):
            with self.subTest(file=file):
                path = self.path(file)
                if "state" in file:
                    self.eventually(lambda: words in open(path, "rb").read())
                flipped = self.flip_where(path, words)
                try:
                    why = self.ctl("backup", self.path("copy"), code=1)
                finally:
                    self.flip_back(path, flipped)
                self.assertTrue(any(f"page {at // PAGE}:" in why for at, _ in flipped), why)
                self.assertIn(os.path.dirname(file).split("/")[-1], why)
                self.assertFalse(glob.glob(self.path("copy", "*")), "what failed leaves nothing")
                self.assertIsNone(self.daemon.process.poll(), "it goes on")
                self.assertTrue(self.talk(app, "next " + file[-20:]))
        self.ctl("backup", self.path("copy"))
        self.verify(self.path("copy"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
