#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/dispatch_parts.hpp"
#include "runtime/base/clock.hpp"

/// What an administrator writes about receiving customers: what may be sent, what is said by
/// itself, who is alerted. Plain values, checked by reception_section.cpp and its neighbours;
/// actors/reception makes rules of them.
namespace switchboard::config {

/// Part of input settings; the order is that of the names.
enum class message_type : std::uint8_t {
  text,
  emoji,
  image,
  file,
  voice,
  video,
  link,
  product,
  order,
  form
};
const std::vector<std::string>& message_type_names();

/// What one side may send. What is not written is not limited here.
struct input_settings {
  std::optional<std::uint16_t> types;     // a bit per message_type
  std::optional<int> text_length;         // characters
  std::optional<std::int64_t> file_size;  // bytes
  std::vector<std::string> file_kinds;    // "image/*", "application/pdf"; empty: any
  std::vector<std::string> forms;         // ids; empty: any

  bool operator==(const input_settings&) const = default;
};
struct input_policy {
  input_settings customer, agent;

  bool operator==(const input_policy&) const = default;
};

enum class field_kind : std::uint8_t { text, number, integer, choice, flag, date, phone, email };
struct form_field {
  std::string name;
  std::map<std::string, std::string> label;  // by language
  field_kind kind = field_kind::text;
  bool required = false;
  int length = 500;  // characters
  double least = -1e15, most = 1e15;
  std::vector<std::string> choices;

  bool operator==(const form_field&) const = default;
};
struct form_config {
  std::string id;
  std::map<std::string, std::string> title;
  std::vector<form_field> fields;
  mark where;

  bool operator==(const form_config&) const = default;
};

enum class word_action : std::uint8_t { block, mask, flag };
enum class word_direction : std::uint8_t { both, customer, agent };
/// Sensitive words. Where neither groups nor channels are named it holds everywhere.
struct word_list {
  std::string id;
  word_action action = word_action::flag;
  word_direction from = word_direction::both;
  std::vector<group_id> groups;
  std::vector<channel_id> channels;
  std::string file;  // one word a line; read by the loader
  std::vector<std::string> words;
  mark where, file_where;

  bool operator==(const word_list&) const = default;
};

struct canned_reply {
  std::string id, title, shortcut;
  std::vector<group_id> groups;              // empty: every group
  std::map<std::string, std::string> texts;  // by language
  mark where;

  bool operator==(const canned_reply&) const = default;
};

/// What came of a session, as the group's agents must say.
struct disposition_policy {
  std::vector<std::string> choices;  // empty: anything
  bool required = false;

  bool operator==(const disposition_policy&) const = default;
};

/// Optional, so that general, group, team and agent settings can be laid one over the other.
struct alert_settings {
  std::optional<bool> new_message;
  std::optional<millis> unanswered_after, unanswered_every, escalate_after, waiting_after,
      waiting_every;
  std::optional<int> at_most;  // times an alert is repeated

  bool operator==(const alert_settings&) const = default;
};

struct attachment_policy {
  std::int64_t size = 20ll << 20;
  std::vector<std::string> kinds;  // empty: any
  int per_session = 200;
  std::int64_t channel_quota = 10ll << 30;
  millis unreferenced_for{3'600'000};

  bool operator==(const attachment_policy&) const = default;
};

struct rating_policy {
  bool ask = false;
  millis remind_after{0};  // 0: no reminder

  bool operator==(const rating_policy&) const = default;
};

struct reception_config {
  input_policy input;
  std::vector<form_config> forms;
  std::vector<word_list> word_lists;
  std::vector<canned_reply> canned_replies;
  alert_settings alerts;
  std::map<std::string, alert_settings> team_alerts;
  attachment_policy attachments;
  rating_policy rating;

  bool operator==(const reception_config&) const = default;
};

}  // namespace switchboard::config
