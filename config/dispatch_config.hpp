#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/dispatch_parts.hpp"
#include "config/reception_config.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"

/// What an administrator writes about dispatch, as plain values: the shape is checked here, CEL and
/// reachability by actors/router. Immutable once loaded.
namespace switchboard::config {

/// Opening hours. Minutes since midnight, local to `timezone`; day 0 is Monday.
struct calendar {
  struct span {
    int from_minute = 0;
    int to_minute = 0;

    bool operator==(const span&) const = default;
  };
  std::string id;
  std::string timezone = "UTC";
  std::vector<span> weekly[7];
  std::vector<std::string> holidays;  // "2026-10-01"
  mark where;

  bool operator==(const calendar&) const = default;
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
/// How a session gets to its agent: given, offered, or taken by the agent (session.claim) from a
/// queue that offers nothing.
enum class accept_mode : std::uint8_t { automatic, manual, claim };
enum class when_full : std::uint8_t { overflow, refuse, leave_message };
/// What an offer that came to nothing means for its agent: it counts towards the missed limit and
/// the agent is remembered; only remembered, so not asked again in this round; or neither.
enum class offer_failure : std::uint8_t { miss, remember, ask_again };
enum class missed_state : std::uint8_t { away, busy, offline };

struct offer_policy {
  accept_mode accept = accept_mode::automatic;
  millis timeout{20'000};
  /// Missed offers in a row that turn the agent away; 0 is no limit.
  int missed_limit = 2;
  /// What the agent is then.
  missed_state then = missed_state::away;
  offer_failure on_timeout = offer_failure::miss;
  offer_failure on_decline = offer_failure::remember;
  offer_failure on_disconnect = offer_failure::remember;

  bool operator==(const offer_policy&) const = default;
};

enum class wrap_up_mode : std::uint8_t { none, timed, manual };
struct wrap_up_policy {
  wrap_up_mode mode = wrap_up_mode::none;
  /// The deadline in every mode (I6): manual wrap-ups end by themselves too.
  millis time{30'000};
  bool holds_capacity = true;
  disposition_policy dispositions;

  bool operator==(const wrap_up_policy&) const = default;
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
  millis ramp_for{0};                 // after log-in or opening; 0: always
  millis recall_window{120'000};
  input_policy input;
  alert_settings alerts;
  /// Groups that were merged into this one: whoever still stands under an old name is meant for
  /// this group.
  std::vector<group_id> formerly;
  mark where;
  mark serves_where;

  bool operator==(const group_config&) const = default;
};

struct agent_config {
  agent_id id;
  std::string name;
  std::vector<group_id> groups;
  std::map<std::string, int> skills;
  int capacity = 4;
  /// SHA-256 of the agent's token, hex; and of the one before, which is good for a while.
  std::string token_sha256;
  std::string old_token_sha256;
  timestamp old_token_until{};
  /// Argon2id, as libsodium writes it; empty: no log-in by password.
  std::string password_hash;
  std::string role = "agent";  // agent, supervisor, leader, admin
  std::string team;
  alert_settings alerts;
  mark where;

  bool operator==(const agent_config&) const = default;
};

/// An organisational group: for rights and reports, not for routing. Its members' own `team` says
/// the same.
struct team_config {
  std::string id;
  std::string name;
  std::string parent;  // empty: at the top
  std::vector<agent_id> leaders;
  std::vector<agent_id> members;
  mark where;

  bool operator==(const team_config&) const = default;
};

struct channel_config {
  channel_id id;
  std::string kind = "chat";  // chat, voice, ...: selects the weight
  int weight = 1;
  std::string token_sha256;
  std::string language = "en";
  input_policy input;
  mark where;

  bool operator==(const channel_config&) const = default;
};

/// Whose a step's place is: anybody's of the group, or only the agent's who served last.
enum class step_owner : std::uint8_t { group, last_agent };

enum class balance_by : std::uint8_t { shortest_wait, fewest_waiting, most_available, round_robin };

struct step_config {
  std::vector<group_id> groups;
  balance_by balance = balance_by::shortest_wait;
  std::map<std::string, int> require;
  millis wait{0};  // 0: for ever
  bool widen = false;
  std::string skip_if;  // CEL, empty: never
  bool leave_message = false;
  step_owner owner = step_owner::group;
  mark where;
  mark skip_if_where;

  bool operator==(const step_config&) const = default;
};

struct rule_config {
  std::string name;
  std::string when;  // CEL, empty: always
  int priority = 0;
  millis sticky_last_agent{0};  // 0: no preference
  std::vector<step_config> steps;
  mark where;
  mark when_where;

  bool operator==(const rule_config&) const = default;
};

/// Automatic messages: texts["zh"]["welcome"]; placeholders in braces, like {position},
/// {customer.name}.
using text_table = std::map<std::string, std::map<std::string, std::string>>;

struct session_policy {
  millis continue_within{30 * 60'000};
  millis identification_deadline{300};
  millis reconnect_grace{30'000};
  millis idle_close{0};     // 0: never
  millis idle_warning{0};   // so long before idle_close the customer is warned; 0: not
  millis agent_silence{0};  // a customer unanswered for so long is told long_silence; 0: not
  millis closed_key_retention{24 * 3'600'000};
  /// What an agent may give as reason for being away or busy; empty: anything.
  std::vector<std::string> away_reasons;
  /// A transfer that nobody has accepted by then ends, and the session goes back to who had it.
  millis transfer_limit{5 * 60'000};
  /// How long a consulted agent, or one joined warm, stays beside the owner at most.
  millis joint_limit{30 * 60'000};
  /// The longest a session may be put off.
  millis snooze_limit{7 * 24 * 3'600'000};

  bool operator==(const session_policy&) const = default;
};

/// Who may call admin.* with which token.
struct admin_token {
  std::string id;
  std::string token_sha256;
  mark where;

  bool operator==(const admin_token&) const = default;
};

enum class field_type : std::uint8_t { text, integer, number, flag, date, phone, email, choice };

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

  bool operator==(const profile_field_config&) const = default;
};

enum class stage_end : std::uint8_t { none, won, lost };
struct lead_stage_config {
  std::string id;
  std::map<std::string, std::string> label;
  stage_end ends = stage_end::none;
  std::vector<std::string> next;  // stages that may follow; empty: any
  mark where;

  bool operator==(const lead_stage_config&) const = default;
};

/// What a session tells about its customer. One of `set`, `tag`, `lead`.
struct mining_rule_config {
  std::string name;
  std::string when;  // CEL over the session
  std::string reason;
  std::map<std::string, std::string> set;  // profile field: value
  std::string tag;
  std::map<std::string, std::string> lead;  // title, stage, value, currency, next_step
  bool automatic = false;
  mark where;
  mark when_where;

  bool operator==(const mining_rule_config&) const = default;
};

struct dispatch_config {
  std::vector<calendar> calendars;
  std::vector<group_config> groups;
  std::vector<agent_config> agents;
  /// Written with `disabled: true`: for everybody else as if they were not there.
  std::vector<agent_config> disabled_agents;
  std::vector<team_config> teams;
  std::vector<channel_config> channels;
  std::vector<rule_config> rules;
  text_table texts;
  /// Texts of one channel that differ from `texts`.
  std::map<std::string, text_table> channel_texts;
  session_policy session;
  std::vector<admin_token> admin_tokens;
  reception_config reception;
  /// Empty: the profile's own fields and any others, as text, for every agent.
  std::vector<profile_field_config> profile_fields;
  /// In the order of the pipeline. Empty: new, contacted, qualified, proposal, won, lost.
  std::vector<lead_stage_config> lead_stages;
  std::vector<mining_rule_config> mining;

  bool operator==(const dispatch_config&) const = default;
};

/// The group of that id, or else the one it was merged into; null for neither.
const group_config* group_now(const dispatch_config& c, const group_id& id);

}  // namespace switchboard::config
