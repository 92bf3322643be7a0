#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/customer/customer_record.hpp"
#include "actors/customer/field_policy.hpp"
#include "actors/customer/trail_entry.hpp"
#include "actors/session/request_identity.hpp"
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
  answer_limits answered{512, 1u << 20};
  std::size_t value_bytes = 1024;
  std::size_t note_bytes = 4096;
  std::size_t tags = 100;
  std::size_t merged = 16;
  std::size_t suggestions = 50;
};

/// What a change comes to: its events (none: nothing is different) and its answer, a packed map.
struct decision {
  payloads events;
  std::string answer;
};

/// Links the identity a session's customer showed, if it is new, and takes note of what channel and
/// centers say: into the profile where it lacks that, comes from where the old value came from, or
/// is from a source to be believed more; else beside it, as a conflict.
payloads decide_note(const customer_record& r, const trail_note& note, timestamp now,
                     const limits& l = {}, const field_policy& policy = {});

/// Sets profile fields: a map of text, null or empty text takes one away. Errors name the field.
result<decision> decide_update(const customer_record& r, const participant& by,
                               const codec::packed_value& fields, const limits& l = {},
                               const field_policy& policy = {});

/// Adds and takes away tags in an agent's name.
result<decision> decide_tag(const customer_record& r, const participant& by,
                            const std::vector<std::string>& add,
                            const std::vector<std::string>& remove, const limits& l = {});

/// Fields that several sources tell apart: each with all that was said, the profile's value first.
std::map<std::string, std::vector<profile_value>> conflicts_of(const customer_record& r);

/// What a lead takes over from the session it was found in.
struct lead_origin {
  session_id session;
  std::string channel, sales_channel, campaign;
  /// Leads of others who may be the same person, and of this one's merged persons.
  std::vector<sales_lead> elsewhere;
};

/// {title, stage?, value?, currency?, owner?, channel?, session_id?, note?, ...} → {lead_id,
/// duplicates?}
result<decision> decide_lead_create(const customer_record& r, const participant& by,
                                    const codec::packed_value& fields, std::string lead_id,
                                    timestamp now, const limits& l = {},
                                    const field_policy& policy = {},
                                    const lead_origin& origin = {});
/// Any of {title, stage, value, currency, owner, note, sales_channel, campaign, next_step,
/// next_at}. A stage is followed only by those that the pipeline names after it.
result<decision> decide_lead_update(const customer_record& r, const std::string& lead_id,
                                    const codec::packed_value& fields, timestamp now,
                                    const limits& l = {}, const field_policy& policy = {});
/// Open leads that this one may be once more: of the same title, or of the same campaign.
std::vector<std::string> duplicates_of(const std::vector<sales_lead>& leads, const sales_lead& lead,
                                       const field_policy& policy);

}  // namespace switchboard::customer_machine
