#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/session/consultation_request.hpp"
#include "actors/session/participant.hpp"
#include "actors/session/request_key.hpp"
#include "actors/session/session_event.hpp"
#include "runtime/codec/content_digest.hpp"

/// By what a repeated request is known. A key is a digest of whose it is and of the sender's own
/// key, so that senders cannot meet each other's; all content is compared, as one digest.
namespace switchboard {

/// The kinds of keys that do not meet. `message`: one for each sender in a session, whichever way a
/// message comes.
enum class key_kind : std::uint8_t {
  open,
  message,
  call,
  customer_change,
  agent_change,
  catalog_change,
  configuration_change
};

/// `key` empty: nothing is remembered. `content`: codec::content_of or codec::call_content.
repeatable repeatable_request(const codec::digest_secret& secret, key_kind kind,
                              const participant& by, std::string_view key,
                              std::string_view content);
/// A session.open by its request_id.
repeatable repeatable_open(const codec::digest_secret& secret, const consultation_request& r);
/// A message for the session's other side, as its sender gave it.
repeatable repeatable_message(const codec::digest_secret& secret, const participant& from,
                              const message_content& m);

}  // namespace switchboard
