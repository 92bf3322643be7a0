#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/messages/dispatch_messages.hpp"
#include "runtime/base/error.hpp"

/// What a person's record does about what it is asked: plain functions from record, input and time
/// to events. Nothing here changes the record: the events do, through `apply`.
namespace switchboard::customer_machine {

using payloads = std::vector<customer_payload>;

struct limits {
  std::size_t identities = 64;
  std::size_t leads = 200;
  std::size_t extra_fields = 64;
  /// Changes with an op_id remembered at one time.
  std::size_t answered = 512;
  std::size_t value_bytes = 1024;
  std::size_t note_bytes = 4096;
};

/// What a change comes to: its events (none: nothing is different) and its answer, a packed map.
struct decision {
  payloads events;
  std::string answer;
};

/// Links the identity a session's customer showed, if it is new, and fills in what the profile
/// lacks.
payloads decide_note(const customer_record& r, const trail_note& note, timestamp now,
                     const limits& l = {});

/// Sets profile fields: a map of text, null or empty text takes one away. Errors name the field.
result<decision> decide_update(const customer_record& r, const participant& by,
                               const codec::packed_value& fields, const limits& l = {});

/// {title, stage?, value?, currency?, owner?, channel?, session_id?, note?} → {lead_id}
result<decision> decide_lead_create(const customer_record& r, const participant& by,
                                    const codec::packed_value& fields, std::string lead_id,
                                    timestamp now, const limits& l = {});
/// Any of {title, stage, value, currency, owner, note}.
result<decision> decide_lead_update(const customer_record& r, const std::string& lead_id,
                                    const codec::packed_value& fields, timestamp now,
                                    const limits& l = {});

/// The answer given before to the same change: nothing if it is new, `already_exists` if the key
/// came with other content, `resource_exhausted` if no more can be remembered.
result<std::optional<std::string>> answered_before(const customer_record& r, const request_key& key,
                                                   timestamp now, const limits& l = {});

}  // namespace switchboard::customer_machine
