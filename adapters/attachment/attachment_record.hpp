#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/clock.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard::attachment {

/// A file somebody brought, as the index keeps it. `id` begins with its session's id.
struct record {
  std::string id, session, channel;
  std::string by;    // who brought it: role and id
  std::string type;  // the message type it was brought for
  std::string name;
  std::uint64_t size = 0;
  std::string sha256, kind;
  timestamp at;
  /// The message that carries it (its sender and key); empty: none yet, and it goes at
  /// `expires_at`.
  std::string claimed_by;
  timestamp expires_at;
};
template <class V> void describe(V& v, record& x) {
  v("id", x.id);
  v("session", x.session);
  v("channel", x.channel);
  v("by", x.by);
  v("type", x.type);
  v("name", x.name);
  v("size", x.size);
  v("sha256", x.sha256);
  v("kind", x.kind);
  v("at", x.at);
  v("claimed_by", x.claimed_by);
  v("expires_at", x.expires_at);
}

struct limits {
  std::uint64_t size = 20u << 20;
  std::uint64_t channel_quota = 10ull << 30;
  std::size_t per_session = 200;
  std::vector<std::string> kinds;  // empty: any
  millis unreferenced_for{3'600'000};
};

/// What uploads under way may take of the node, whoever brings them.
struct upload_limits {
  /// At once, in all and of one token (`record::by`).
  std::size_t in_all = 256, of_one = 64;
  /// What is left of the disk for the journal and all else, in bytes.
  std::uint64_t disk_free = 1ull << 30;
  /// An upload ends by itself without its first piece after the one, without the next after the
  /// other, and unfinished after the last. Asking again where it stands prolongs nothing.
  millis first_piece_within{15'000}, piece_within{60'000}, upload_within{1'800'000};
};

struct slice {
  record of;
  std::string data;
  bool more = false;
};

}  // namespace switchboard::attachment
