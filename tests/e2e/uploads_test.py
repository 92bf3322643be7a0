"""Files under way: what they have promised counts, and nobody's uploads are everybody's."""
import os
import time
import unittest

from daemon_fixture import DaemonCase, agents_yaml, channels_yaml


class Uploads(DaemonCase):
    dispatch = ("groups:\n  - {id: general, name: General}\n"
                "rules:\n  - {name: everyone, steps: [{group: general}]}\n" + channels_yaml("app", "web") +
                agents_yaml({"lin": (["general"], 5)}) +
                "attachments: {size: 4MiB, channel_quota: 10MiB}\n")
    options = ("limits: {uploads: 8, uploads_per_token: 5}\n"
               "deadlines: {upload_first_piece: 1s, upload_piece: 2s, upload: 20s}\n")

    def session(self, channel, customer="ann"):
        return channel.must("session.open", request_id="r-" + customer, customer={"id": customer})["session_id"]

    def begin(self, client, session, name, size):
        return client.call("attachment.begin", session_id=session, name=name, type="file", size=size, op_id=name)

    def test_uploads_under_way_are_in_the_quota(self):
        channel = self.daemon.channel()
        session = self.session(channel)
        taken = [self.begin(channel, session, f"f{i}", 4 << 20) for i in range(5)]
        self.assertEqual([bool(failed) for failed, _ in taken], [False, False, True, True, True])
        self.assertEqual(taken[2][0]["code"], "resource_exhausted")
        self.assertEqual(taken[2][0]["rule"], "attachments.channel_quota")

    def test_uploads_without_a_byte_take_neither_all_places_nor_for_long(self):
        channel, other = self.daemon.channel(), self.daemon.channel("web")
        session, theirs = self.session(channel), self.session(other)
        taken = [self.begin(channel, session, f"f{i}", 10) for i in range(8)]
        self.assertEqual(sum(not failed for failed, _ in taken), 5)
        self.assertIn("one token", taken[5][0]["message"])
        failed, answer = self.begin(other, theirs, "g", 10)
        self.assertIsNone(failed, "another token has places of its own")
        self.eventually(lambda: not self.begin(channel, session, "late", 10)[0], 5, "a place is free again soon")

    def test_a_daemon_killed_amid_uploads_starts_without_what_they_left(self):
        channel = self.daemon.channel()
        session = self.session(channel)
        _, begun = self.begin(channel, session, "f", 3 << 20)
        for at in range(0, 1 << 20, 40_000):
            channel.must("attachment.chunk", attachment_id=begun["attachment_id"], offset=at, data=b"x" * 40_000)
        incoming = os.path.join(self.daemon.folder, "data", "attachments", "incoming")
        self.assertEqual(len(os.listdir(incoming)), 1)
        for _ in range(3):
            self.daemon.kill()
            self.daemon.start()
            self.assertEqual(os.listdir(incoming), [])
        self.assertIsNone(self.begin(self.daemon.channel(), session, "f", 3 << 20)[0])


class DiskNearlyFull(DaemonCase):
    dispatch = Uploads.dispatch
    options = "limits: {upload_disk_free: 15TiB}\n"

    def test_no_file_is_taken_and_all_else_goes_on(self):
        channel = self.daemon.channel()
        session = channel.must("session.open", request_id="r", customer={"id": "ann"})["session_id"]
        failed, _ = channel.call("attachment.begin", session_id=session, name="f", type="file", size=10)
        self.assertEqual(failed["code"], "resource_exhausted")
        self.assertIn("disk", failed["message"])
        channel.must("session.send", session_id=session, client_msg_id="m", type="text", body={"text": "still here"})


if __name__ == "__main__":
    unittest.main()
