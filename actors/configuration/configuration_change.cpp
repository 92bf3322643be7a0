#include "actors/configuration/configuration_change.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "actors/configuration/loaded_configuration.hpp"
#include "config/yaml_outline.hpp"

namespace switchboard {
namespace {

const std::string& key_of(const config::group_config& x) {
  return x.id.value;
}
const std::string& key_of(const config::agent_config& x) {
  return x.id.value;
}
const std::string& key_of(const config::channel_config& x) {
  return x.id.value;
}
const std::string& key_of(const config::calendar& x) {
  return x.id;
}
const std::string& key_of(const config::rule_config& x) {
  return x.name;
}
const std::string& key_of(const config::mining_rule_config& x) {
  return x.name;
}
const std::string& key_of(const config::team_config& x) {
  return x.id;
}
const std::string& key_of(const config::form_config& x) {
  return x.id;
}
const std::string& key_of(const config::word_list& x) {
  return x.id;
}
const std::string& key_of(const config::canned_reply& x) {
  return x.id;
}
const std::string& key_of(const config::profile_field_config& x) {
  return x.id;
}
const std::string& key_of(const config::lead_stage_config& x) {
  return x.id;
}

template <class T, class Same>
changed_names compare(const std::vector<T>& before, const std::vector<T>& after, Same&& same) {
  std::unordered_map<std::string, const T*> old;
  for (auto& x : before) old.emplace(key_of(x), &x);
  changed_names out;
  for (auto& x : after) {
    const auto at = old.find(key_of(x));
    if (at == old.end()) {
      out.added.push_back(key_of(x));
      continue;
    }
    if (!same(*at->second, x)) out.changed.push_back(key_of(x));
    old.erase(at);
  }
  // In the order of the configuration before, so that the same change always reads the same.
  for (auto& x : before) {
    if (old.contains(key_of(x))) out.removed.push_back(key_of(x));
  }
  return out;
}

template <class T>
changed_names compare(const std::vector<T>& before, const std::vector<T>& after) {
  return compare(before, after, [](const T& a, const T& b) { return a == b; });
}

/// Who is in each group, best first, by the names customers see.
using rosters = std::map<std::string, std::vector<std::pair<std::string, std::string>>>;
rosters rosters_of(const config::dispatch_config& c) {
  rosters out;
  for (auto& a : c.agents) {
    for (auto& g : a.groups) out[g.value].emplace_back(a.id.value, a.name);
  }
  return out;
}

const config::calendar* calendar_of(const config::dispatch_config& c, const std::string& id) {
  const auto at = std::ranges::find(c.calendars, id, &config::calendar::id);
  return at == c.calendars.end() ? nullptr : &*at;
}

bool same_hours(const config::dispatch_config& before, const config::dispatch_config& after,
                const std::string& id) {
  const auto* a = calendar_of(before, id);
  const auto* b = calendar_of(after, id);
  return a == b || (a && b && *a == *b);
}

/// What is written of everything, the accounts made while running too.
config::outline written_in(const loaded_configuration& c) {
  auto out = config::outline_of(c.version.text);
  if (!c.accounts) return out;
  for (auto& [id, account] : *c.accounts) {
    if (account.entry.empty()) continue;
    for (auto& [thing, fields] : config::outline_of(account.entry).things)
      out.things.emplace(thing, fields);
  }
  return out;
}

const config::agent_config* agent_of(const loaded_configuration& c, const std::string& id) {
  for (auto* some : {&c.dispatch->agents, &c.dispatch->disabled_agents}) {
    const auto at = std::ranges::find(*some, agent_id{id}, &config::agent_config::id);
    if (at != some->end()) return &*at;
  }
  return nullptr;
}

/// Which fields of what changed, and how.
class change_teller {
 public:
  change_teller(const loaded_configuration& before, const loaded_configuration& after)
      : before_(before), after_(after), was_(written_in(before)), is_(written_in(after)) {}

  void add(const changed_names& names, const std::string& what,
           const char* else_because = nullptr) {
    for (auto& n : names.added) lines.push_back(what + " " + n + ": added");
    for (auto& n : names.changed)
      lines.push_back(what + " " + n + ": " + how(what, n, else_because));
    for (auto& n : names.removed) lines.push_back(what + " " + n + ": removed");
  }
  void add_section(const std::string& section) {
    lines.push_back(section + ": " + fields(section, nullptr));
  }

  std::vector<std::string> lines;

 private:
  std::string how(const std::string& what, const std::string& id, const char* else_because) {
    if (what != "agent") return fields(what + " " + id, else_because);
    std::string out;
    const auto *a = agent_of(before_, id), *b = agent_of(after_, id);
    if (a && b && a->token_sha256 != b->token_sha256) out += ", another token";
    if (a && b && a->password_hash != b->password_hash) out += ", another password";
    // Its written log-in is not what counts.
    for (auto& f : changes("agent " + id)) {
      const bool login = f.starts_with("token_sha256") || f.starts_with("password_hash") ||
                         f.starts_with("old_token");
      if (!login) out += ", " + f;
    }
    return out.empty() ? "changed" : out.substr(2);
  }
  std::string fields(const std::string& thing, const char* else_because) {
    std::string out;
    for (auto& f : changes(thing)) out += (out.empty() ? "" : ", ") + f;
    if (!out.empty()) return out;
    return else_because ? std::string("changed with ") + else_because : "changed";
  }
  std::vector<std::string> changes(const std::string& thing) {
    static const config::field_table none;
    const auto a = was_.things.find(thing), b = is_.things.find(thing);
    if (a == was_.things.end() && b == is_.things.end()) return {};
    return config::field_changes(a == was_.things.end() ? none : a->second,
                                 b == is_.things.end() ? none : b->second);
  }

  const loaded_configuration &before_, &after_;
  config::outline was_, is_;
};

/// The sections that are no lists of things with ids.
std::vector<std::string> changed_sections(const config::dispatch_config& before,
                                          const config::dispatch_config& after) {
  std::vector<std::string> out;
  auto note = [&](const char* section, bool same) {
    if (!same) out.emplace_back(section);
  };
  auto &a = before.reception, &b = after.reception;
  note("texts", before.texts == after.texts && before.channel_texts == after.channel_texts);
  note("input", a.input == b.input);
  note("alerts", a.alerts == b.alerts && a.team_alerts == b.team_alerts);
  note("attachments", a.attachments == b.attachments);
  note("rating", a.rating == b.rating);
  note("session", before.session == after.session);
  note("admin_tokens", before.admin_tokens == after.admin_tokens);
  return out;
}

}  // namespace

bool configuration_change::empty() const {
  for (auto* names : {&groups, &agents, &disabled, &calendars, &channels, &rules, &teams, &forms,
                      &word_lists, &canned_replies, &profile_fields, &lead_stages, &mining}) {
    if (!names->empty()) return false;
  }
  return sections.empty() && reordered.empty();
}

configuration_change change_between(const config::dispatch_config& before,
                                    const config::dispatch_config& after) {
  configuration_change out;
  auto by_id = [&](const char* section, const auto& a, const auto& b) {
    auto names = compare(a, b);
    if (names.empty() && a != b) out.reordered.emplace_back(section);
    return names;
  };
  auto old_rosters = rosters_of(before), new_rosters = rosters_of(after);
  out.groups = compare(before.groups, after.groups, [&](auto& a, auto& b) {
    return a == b && same_hours(before, after, a.calendar) &&
           old_rosters[a.id.value] == new_rosters[a.id.value];
  });
  if (out.groups.empty() && before.groups != after.groups) out.reordered.emplace_back("groups");
  out.calendars = by_id("calendars", before.calendars, after.calendars);
  out.channels = by_id("channels", before.channels, after.channels);
  out.agents = by_id("agents", before.agents, after.agents);
  out.disabled = by_id("disabled agents", before.disabled_agents, after.disabled_agents);
  out.teams = by_id("teams", before.teams, after.teams);
  out.rules = by_id("rules", before.rules, after.rules);
  auto &a = before.reception, &b = after.reception;
  out.forms = by_id("forms", a.forms, b.forms);
  out.word_lists = by_id("word_lists", a.word_lists, b.word_lists);
  out.canned_replies = by_id("canned_replies", a.canned_replies, b.canned_replies);
  out.profile_fields = by_id("profile_fields", before.profile_fields, after.profile_fields);
  out.lead_stages = by_id("lead_stages", before.lead_stages, after.lead_stages);
  out.mining = by_id("mining", before.mining, after.mining);
  out.sections = changed_sections(before, after);
  return out;
}

std::vector<std::string> lines_of(const configuration_change& c, const loaded_configuration& before,
                                  const loaded_configuration& after) {
  constexpr std::size_t most = 200;
  if (c.empty()) return {};
  change_teller t(before, after);
  t.add(c.calendars, "calendar");
  t.add(c.groups, "group", "its calendar or its agents");
  t.add(c.channels, "channel");
  t.add(c.agents, "agent");
  t.add(c.teams, "team");
  t.add(c.disabled, "disabled agent");
  t.add(c.rules, "rule");
  t.add(c.forms, "form");
  t.add(c.word_lists, "word list");
  t.add(c.canned_replies, "canned reply");
  t.add(c.profile_fields, "profile field");
  t.add(c.lead_stages, "lead stage");
  t.add(c.mining, "mining rule");
  for (auto& list : c.reordered) t.lines.push_back(list + ": another order");
  for (auto& section : c.sections) t.add_section(section);
  auto out = std::move(t.lines);
  if (out.size() > most) {
    const auto more = out.size() - most;
    out.resize(most);
    out.push_back("and " + std::to_string(more) + " more");
  }
  return out;
}

}  // namespace switchboard
