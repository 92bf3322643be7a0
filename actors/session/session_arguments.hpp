#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/session/consultation_request.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/codec/arguments.hpp"

/// What a session can be asked for: one struct for each call, with the name by which the table of
/// rights knows it. `wire_fields` says how its fields come over the wire, beside `session_id`.
namespace switchboard::ask {

struct recall {
  static constexpr std::string_view method = "session.recall";
  std::uint64_t message_seq = 0;
};
template <class V> void wire_fields(V& v, recall& x) {
  v.must("message_seq", x.message_seq, 1, codec::largest_integer);
}

struct read {
  static constexpr std::string_view method = "session.read";
  std::uint64_t message_seq = 0;
};
template <class V> void wire_fields(V& v, read& x) {
  v.must("message_seq", x.message_seq, 0, codec::largest_integer);
}

struct typing {
  static constexpr std::string_view method = "session.typing";
};
template <class V> void wire_fields(V&, typing&) {}

struct close {
  static constexpr std::string_view method = "session.close";
  std::string reason, disposition, summary;
};
template <class V> void wire_fields(V& v, close& x) {
  v.may("reason", x.reason, 256);
  v.may("disposition", x.disposition, 128);
  v.may("summary", x.summary, 4096);
}

struct rate {
  static constexpr std::string_view method = "session.rate";
  int score = 0;
  std::string comment;
};
template <class V> void wire_fields(V& v, rate& x) {
  v.must("score", x.score, 1, 5);
  v.may("comment", x.comment, 2048);
}

struct events {
  static constexpr std::string_view method = "session.events";
  std::uint64_t after = 0;
};
template <class V> void wire_fields(V& v, events& x) {
  v.must("after", x.after, 0, codec::largest_integer);
}

struct subscribe {
  static constexpr std::string_view method = "session.subscribe";
  std::uint64_t after = 0;
};
template <class V> void wire_fields(V& v, subscribe& x) {
  v.must("after", x.after, 0, codec::largest_integer);
}

struct note {
  static constexpr std::string_view method = "session.note";
  codec::packed_value body;
};
template <class V> void wire_fields(V& v, note& x) {
  v.must("body", x.body);
}

struct tag {
  static constexpr std::string_view method = "session.tag";
  std::vector<std::string> add, remove;
};
template <class V> void wire_fields(V& v, tag& x) {
  v.may("add", x.add, codec::text_list{64, 64});
  v.may("remove", x.remove, codec::text_list{64, 64});
}

struct wrap_up {
  static constexpr std::string_view method = "session.wrap_up";
  std::string summary, disposition;
};
template <class V> void wire_fields(V& v, wrap_up& x) {
  v.may("summary", x.summary, 4096);
  v.may("disposition", x.disposition, 128);
}

/// To a group, an agent, or where the rules lead: one of the three.
struct transfer {
  static constexpr std::string_view method = "session.transfer";
  std::string mode, note;
  std::string to_group, to_agent;
  bool by_rules = false;
};
template <class V> void describe(V& v, transfer& x) {
  v("mode", x.mode);
  v("note", x.note);
  v("to_group", x.to_group);
  v("to_agent", x.to_agent);
  v("by_rules", x.by_rules);
}

struct transfer_cancel {
  static constexpr std::string_view method = "session.transfer_cancel";
  transfer_id transfer;
};
template <class V> void wire_fields(V& v, transfer_cancel& x) {
  v.must("transfer_id", x.transfer, 96);
}

struct transfer_complete {
  static constexpr std::string_view method = "session.transfer_complete";
  transfer_id transfer;
};
template <class V> void wire_fields(V& v, transfer_complete& x) {
  v.must("transfer_id", x.transfer, 96);
}

struct leave {
  static constexpr std::string_view method = "session.leave";
};
template <class V> void wire_fields(V&, leave&) {}

/// Somebody who has joined is sent out.
struct remove {
  static constexpr std::string_view method = "session.remove";
  agent_id agent;
};
template <class V> void wire_fields(V& v, remove& x) {
  v.must("agent", x.agent, 128);
}

struct snooze {
  static constexpr std::string_view method = "session.snooze";
  std::optional<timestamp> until;
  std::string reason;
};
template <class V> void wire_fields(V& v, snooze& x) {
  v.may("until", x.until, 1, codec::largest_integer);
  v.may("reason", x.reason, 256);
}

struct wake {
  static constexpr std::string_view method = "session.wake";
};
template <class V> void wire_fields(V&, wake&) {}

struct monitor {
  static constexpr std::string_view method = "session.monitor";
};
template <class V> void wire_fields(V&, monitor&) {}

struct barge {
  static constexpr std::string_view method = "session.barge";
};
template <class V> void wire_fields(V&, barge&) {}

struct takeover {
  static constexpr std::string_view method = "session.takeover";
};
template <class V> void wire_fields(V&, takeover&) {}

struct why {
  static constexpr std::string_view method = "session.why";
};
template <class V> void wire_fields(V&, why&) {}

/// An agent takes a waiting session; its group decides whether that agent may.
struct claim {
  static constexpr std::string_view method = "session.claim";
};
template <class V> void wire_fields(V&, claim&) {}

/// A waiting session goes to an agent who could take it, as if that agent had claimed it.
struct assign {
  static constexpr std::string_view method = "admin.session_assign";
  std::string reason;
  agent_id agent;
};
template <class V> void wire_fields(V& v, assign& x) {
  v.must("reason", x.reason, 256);
  v.must("agent", x.agent, 64);
}

/// From the agent who serves it, or from the queues where it waits; without a group or an agent the
/// rules decide.
struct move {
  static constexpr std::string_view method = "admin.session_move";
  std::string to_group, to_agent, reason;
};

struct bump {
  static constexpr std::string_view method = "admin.bump";
  int priority = 100;
  std::string reason;
};
template <class V> void wire_fields(V& v, bump& x) {
  v.must("reason", x.reason, 256);
  v.may("priority", x.priority, 1, 1'000);
}

struct status {
  static constexpr std::string_view method = "admin.session";
};
template <class V> void wire_fields(V&, status&) {}

/// The customer has clicked on a product's card; `message_seq` 0: on whichever shows it.
struct card_clicked {
  static constexpr std::string_view method = "product.clicked";
  std::string product_id;
  std::uint64_t message_seq = 0;
};
template <class V> void wire_fields(V& v, card_clicked& x) {
  v.must("product_id", x.product_id, 128);
  v.may("message_seq", x.message_seq, 1, codec::largest_integer);
}

// ---- messages that were left

struct claim_message {
  static constexpr std::string_view method = "message.claim";
};
template <class V> void wire_fields(V&, claim_message&) {}

struct release_message {
  static constexpr std::string_view method = "message.release";
  std::string reason;
};
template <class V> void wire_fields(V& v, release_message& x) {
  v.may("reason", x.reason, 256);
}

struct dismiss_message {
  static constexpr std::string_view method = "message.dismiss";
  std::string reason;
};
template <class V> void wire_fields(V& v, dismiss_message& x) {
  v.must("reason", x.reason, 256);
}

}  // namespace switchboard::ask
