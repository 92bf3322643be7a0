#pragma once

#include <cstdint>

namespace switchboard {

/// Marks what a client may repeat: its idempotency key and all that came with it, as digests
/// (request_identity.hpp). With a hundred thousand keys in a session two collide once in three
/// billion sessions.
struct request_key {
  std::uint64_t key = 0;  // of sender, kind and the client's key; 0: none
  std::uint64_t content = 0;
  bool operator==(const request_key&) const = default;
};
template <class V> void describe(V& v, request_key& x) {
  v("key", x.key);
  v("content", x.content);
}

/// One request, as it would be known if it came again.
struct repeatable {
  request_key key;  // key.key 0: the sender gave none
  /// The key as older versions hashed it (FNV-1a). Of what they recorded the content cannot be
  /// compared: it counts as the same.
  std::uint64_t older = 0;
};
template <class V> void describe(V& v, repeatable& x) {
  v("key", x.key.key);
  v("content", x.key.content);
  v("older_key", x.older);
}

}  // namespace switchboard
