#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

/// What an administrator writes about dispatch, as plain values: the shape is checked here, CEL and
/// reachability by actors/router. Immutable once loaded.
namespace switchboard::config {

/// Where a value was written, for error messages: "dispatch.yaml:12".
struct mark {
  std::string file;
  int line = 0;
};

/// Opening hours. Minutes since midnight, local to `timezone`; day 0 is Monday.
struct calendar {
  struct span {
    int from_minute = 0;
    int to_minute = 0;
  };
  std::string id;
  std::string timezone = "UTC";
  std::vector<span> weekly[7];
  std::vector<std::string> holidays;  // "2026-10-01"
  mark where;
};

enum class strategy : std::uint8_t {
  longest_idle,
  least_loaded,
  round_robin,
  fewest_today,
  best_skill,
  top_down,
  random
};
enum class queue_order : std::uint8_t { aged, strict };
enum class accept_mode : std::uint8_t { automatic, manual };
enum class when_full : std::uint8_t { overflow, refuse, leave_message };

struct offer_policy {
  accept_mode accept = accept_mode::automatic;
  millis timeout{20'000};
  /// Missed offers in a row that turn the agent away; 0 is no limit.
  int missed_limit = 2;
};

enum class wrap_up_mode : std::uint8_t { none, timed, manual };
struct wrap_up_policy {
  wrap_up_mode mode = wrap_up_mode::none;
  /// The deadline in every mode (I6): manual wrap-ups end by themselves too.
  millis time{30'000};
  bool holds_capacity = true;
};

struct group_config {
  group_id id;
  std::string name;
  switchboard::config::strategy strategy = config::strategy::longest_idle;
  queue_order order = queue_order::aged;
  double service_level_target = 0.8;
  millis service_level_within{20'000};
  offer_policy offer;
  wrap_up_policy wrap_up;
  int queue_max = 500;
  when_full on_full = when_full::overflow;
  millis fill_after{60'000};
  std::string calendar;               // empty: always open
  std::string serves;                 // CEL, empty: everyone
  int ramp_per_agent_per_minute = 0;  // 0: no ramp
  millis recall_window{120'000};
  mark where;
  mark serves_where;
};

struct agent_config {
  agent_id id;
  std::string name;
  std::vector<group_id> groups;
  std::map<std::string, int> skills;
  int capacity = 4;
  /// SHA-256 of the agent's token, hex.
  std::string token_sha256;
  std::string role = "agent";  // agent, supervisor, leader, admin
  std::string team;
  mark where;
};

struct channel_config {
  channel_id id;
  std::string kind = "chat";  // chat, voice, ...: selects the weight
  int weight = 1;
  std::string token_sha256;
  std::string language = "en";
  mark where;
};

enum class balance_by : std::uint8_t { shortest_wait, fewest_waiting, most_available, round_robin };

struct step_config {
  std::vector<group_id> groups;
  balance_by balance = balance_by::shortest_wait;
  std::map<std::string, int> require;
  millis wait{0};  // 0: for ever
  bool widen = false;
  std::string skip_if;  // CEL, empty: never
  bool leave_message = false;
  mark where;
  mark skip_if_where;
};

struct rule_config {
  std::string name;
  std::string when;  // CEL, empty: always
  int priority = 0;
  millis sticky_last_agent{0};  // 0: no preference
  std::vector<step_config> steps;
  mark where;
  mark when_where;
};

/// Automatic messages: texts["zh"]["welcome"]; placeholders in braces, like {position},
/// {customer.name}.
using text_table = std::map<std::string, std::map<std::string, std::string>>;

struct session_policy {
  millis continue_within{30 * 60'000};
  millis identification_deadline{300};
  millis reconnect_grace{30'000};
  millis idle_close{0};  // 0: never
  millis closed_key_retention{24 * 3'600'000};
};

/// Who may call admin.* with which token.
struct admin_token {
  std::string id;
  std::string token_sha256;
  mark where;
};

enum class field_type : std::uint8_t {
  text,
  integer,
  number,
  flag,
  date,
  phone,
  email,
  choice
};

/// A field of the customer's profile. The nine the profile has of its own may be declared too.
struct profile_field_config {
  std::string id;
  field_type type = field_type::text;
  std::map<std::string, std::string> label;  // by language
  std::vector<std::string> choices;
  /// Roles whose agents may change it.
  std::vector<std::string> edit{"agent", "leader", "supervisor", "admin"};
  std::string from_member;  // an attribute of the member center
  std::string from_tag;     // tags that begin so; the rest of the tag is the value
  /// Kinds of source, the one to believe first: agent, member, tag, channel.
  std::vector<std::string> prefer;
  mark where;
};

enum class stage_end : std::uint8_t { none, won, lost };
struct lead_stage_config {
  std::string id;
  std::map<std::string, std::string> label;
  stage_end ends = stage_end::none;
  std::vector<std::string> next;  // stages that may follow; empty: any
  mark where;
};

/// What a session tells about its customer. One of `set`, `tag`, `lead`.
struct mining_rule_config {
  std::string name;
  std::string when;  // CEL over the session
  std::string reason;
  std::map<std::string, std::string> set;   // profile field: value
  std::string tag;
  std::map<std::string, std::string> lead;  // title, stage, value, currency, next_step
  bool automatic = false;
  mark where;
  mark when_where;
};

struct dispatch_config {
  std::vector<calendar> calendars;
  std::vector<group_config> groups;
  std::vector<agent_config> agents;
  std::vector<channel_config> channels;
  std::vector<rule_config> rules;
  text_table texts;
  /// Texts of one channel that differ from `texts`.
  std::map<std::string, text_table> channel_texts;
  session_policy session;
  std::vector<admin_token> admin_tokens;
  /// Empty: the profile's own fields and any others, as text, for every agent.
  std::vector<profile_field_config> profile_fields;
  /// In the order of the pipeline. Empty: new, contacted, qualified, proposal, won, lost.
  std::vector<lead_stage_config> lead_stages;
  std::vector<mining_rule_config> mining;
};

}  // namespace switchboard::config
