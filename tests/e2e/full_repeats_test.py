"""A nearly full store answers again what it has answered before, whatever method it was: that writes nothing."""
import unittest

from full_store_test import StoreCase
from op_ids_test import DISPATCH, NOT_THROUGH_A_RESTART, OpIds, methods_that_write

SMALL = "journal: {map_size: 64MiB}\nstate: {map_size: 16MiB}\n"


class FullRepeats(OpIds, StoreCase):
    dispatch = DISPATCH

    def fill(self):
        """Until nothing that goes on is taken any more."""
        for n in range(40_000):
            error, _ = self.on["sun"].call("customer.update", customer_id="c:app:u1", fields={"name": f"{n} " + "x" * 240})
            if error:
                return self.assertEqual(error["code"], "resource_exhausted", error)
        self.fail("nothing was refused")

    def test_what_was_done_is_answered_again_in_a_nearly_full_store_and_what_is_new_is_not_taken(self):
        self.meet()
        for part in (self.administration, self.selling, self.in_sessions, self.joining, self.agents, self.left_messages,
                     self.of_customers, self.files):
            part()
        app, lin = self.on["app"], self.on["lin"]
        session = self.served()
        opened = dict(request_id="again", customer={"id": "again"}, message={"client_msg_id": "o", "type": "text", "body": {"text": "a"}})
        said = dict(session_id=session, client_msg_id="again", type="text", body={"text": "a"})
        again = [("app", "session.open", opened), ("app", "session.send", said),
                 ("app", "session.send", dict(session_id=session, client_msg_id="o2", type="text", body={"text": "b"}))]
        begun = dict(session_id=session, name="a.txt", type="file", size=4, op_id="a file")
        file = lin.must("attachment.begin", **begun)["attachment_id"]
        lin.must("attachment.chunk", attachment_id=file, offset=0, data=b"lamp")
        lin.must("attachment.finish", attachment_id=file)
        again.append(("lin", "session.send", dict(session_id=session, client_msg_id="f", type="file", body={"attachment_id": file})))
        left = self.left()
        lin.must("message.claim", session_id=left)
        again.append(("lin", "message.answer", dict(session_id=left, client_msg_id="w", type="text", body={"text": "we called"})))
        again += [("lin", "attachment.finish", dict(attachment_id=file)), ("lin", "attachment.begin", begun)]
        firsts = [self.on[who].must(method, **params) for who, method, params in again]
        self.restart(SMALL)
        for name in self.on:
            self.on[name] = self.daemon.channel() if name == "app" else self.daemon.agent(name, None)
        self.fill()
        for (who, method, params), first in zip(again, firsts):
            with self.subTest(method=method):
                answer = self.on[who].must(method, **params)
                if method == "session.open":
                    self.assertEqual(answer["session_id"], first["session_id"])
                else:
                    self.assertEqual(answer, first)
        for method, who, params, key, first, _, _ in self.said:
            # Of an upload under way a restart leaves nothing.
            if method in NOT_THROUGH_A_RESTART | {"attachment.begin"}:
                continue
            with self.subTest(method=method):
                before = self.settled(method, params)
                self.assertEqual(self.on[who].must(method, **params, **key), first)
                self.assertEqual(self.state_of(method, params), before, "it was done a second time")
        # The same under another key is new.
        for method, who, params, _, _, _, _ in self.said:
            if methods_that_write()[method] == "frees":
                continue
            with self.subTest(method=method, key="new"):
                error, _ = self.on[who].call(method, **params, **{self.key: "another " + method})
                # Or what there is to be said of the call itself.
                self.assertIn((error or {}).get("code"), ("resource_exhausted", "not_found", "failed_precondition", "permission_denied"))
        self.refused("resource_exhausted", self.on["app"].call("session.open", request_id="new", customer={"id": "again"}))
        self.refused("resource_exhausted", self.on["app"].call("session.send", **{**said, "client_msg_id": "new"}))

def load_tests(loader, tests, pattern):
    """Only what this file adds."""
    return unittest.TestSuite([FullRepeats("test_what_was_done_is_answered_again_in_a_nearly_full_store_and_what_is_new_is_not_taken")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
