#include <algorithm>
#include <optional>
#include <set>

#include "config/account_edit.hpp"
#include "config/dispatch_sections.hpp"
#include "config/reception_section.hpp"
#include "config/token.hpp"

namespace switchboard::config {
namespace {

constexpr int most_weight = 100;

/// What one conversation of a kind takes of an agent's capacity, unless its channel says otherwise.
struct channel_kind {
  std::string_view name;
  int weight;
};
constexpr channel_kind channel_kinds[] = {
    {"chat", 1}, {"message", 1}, {"email", 1}, {"voice", 6}, {"video", 6}};

std::vector<std::string> kind_names() {
  std::vector<std::string> out;
  for (const auto& kind : channel_kinds) out.emplace_back(kind.name);
  return out;
}

int weight_of(std::string_view kind) {
  auto at = std::find_if(std::begin(channel_kinds), std::end(channel_kinds),
                         [&](const auto& k) { return k.name == kind; });
  return at == std::end(channel_kinds) ? 1 : at->weight;
}

void read_sha256(const yaml_value& value, std::string& out) {
  std::string text;
  if (!value.text(text)) return;
  if (is_sha256_hex(text)) {
    out = text;
  } else {
    value.refuse("expected the token's SHA-256 as 64 hexadecimal digits in lower case");
  }
}

/// The token before the one in force, for so long.
void read_old_token(const yaml_value& value, agent_config& out) {
  yaml_map map(value);
  if (auto v = map.need("sha256")) read_sha256(*v, out.old_token_sha256);
  if (auto v = map.need("until")) {
    if (auto at = parse_utc(v->scalar())) {
      out.old_token_until = *at;
    } else {
      v->refuse("expected a moment in UTC like 2026-03-01T10:20:30Z");
    }
  }
  map.finish();
}

void read_password(const yaml_value& value, std::string& out) {
  std::string text;
  if (!value.text(text)) return;
  if (is_password_hash(text)) {
    out = text;
  } else {
    value.refuse(
        "expected an Argon2id hash as `switchboardctl hash-password` prints it, of 8 to 256 MiB");
  }
}

void read_groups_of(const yaml_value& value, const std::vector<std::string>& groups,
                    agent_config& out) {
  for (const auto& one : value.list(1000)) {
    std::string group;
    if (!one.reference(group, "group", groups)) continue;
    if (std::find(out.groups.begin(), out.groups.end(), group_id(group)) != out.groups.end()) {
      one.refuse("\"" + group + "\" is named twice");
    }
    out.groups.emplace_back(group);
  }
}

/// Whoever was made while running outlives the groups of a text: one that was merged is the other
/// by now, one that is gone is left out until it is there again.
void read_groups_that_are(const yaml_value& value, const dispatch_config& all, agent_config& out) {
  for (const auto& one : value.list(1000)) {
    const auto* g = group_now(all, group_id(one.scalar()));
    if (g && std::ranges::find(out.groups, g->id) == out.groups.end()) out.groups.push_back(g->id);
  }
}

template <class Groups>
agent_config read_agent(const yaml_value& value, declared_ids& ids, Groups&& read_groups,
                        bool& disabled) {
  agent_config out;
  out.where = value.where();
  yaml_map map(value);
  out.id = agent_id(ids.read(map));
  out.name = out.id.value;
  if (auto v = map.find("name")) v->text(out.name);
  if (auto v = map.find("groups")) read_groups(*v, out);
  if (auto v = map.find("skills")) v->levels(out.skills);
  if (auto v = map.find("capacity")) v->integer(out.capacity, 1, 1000);
  if (auto v = map.find("role")) {
    v->reference(out.role, "role", {"agent", "supervisor", "leader", "admin"});
  }
  if (auto v = map.find("team")) v->text(out.team, 64);
  if (auto v = map.find("alerts")) read_alerts(*v, out.alerts);
  read_token(map, out.token_sha256);
  if (auto v = map.find("old_token")) read_old_token(*v, out);
  if (auto v = map.find("password_hash")) read_password(*v, out.password_hash);
  if (auto v = map.find("disabled")) v->flag(disabled);
  map.finish();
  return out;
}

channel_config read_channel(const yaml_value& value, declared_ids& ids, dispatch_config& all) {
  channel_config out;
  out.where = value.where();
  yaml_map map(value);
  out.id = channel_id(ids.read(map));
  if (auto v = map.find("kind")) v->reference(out.kind, "kind of channel", kind_names());
  out.weight = weight_of(out.kind);
  if (auto v = map.find("weight")) v->integer(out.weight, 1, most_weight);
  if (auto v = map.find("language")) v->text(out.language, 16);
  if (auto v = map.find("texts")) read_texts(*v, all.channel_texts[out.id.value]);
  if (auto v = map.find("input")) read_input(*v, all, out.input);
  read_token(map, out.token_sha256);
  map.finish();
  return out;
}

}  // namespace

void read_token(yaml_map& item, std::string& out) {
  if (auto value = item.find("token_sha256")) read_sha256(*value, out);
}

void read_agents(const yaml_value& section, dispatch_config& out) {
  declared_ids ids;
  auto groups = group_names(out);
  for (const auto& one : section.list(100'000)) {
    bool disabled = false;
    auto agent = read_agent(
        one, ids, [&](auto& v, auto& to) { read_groups_of(v, groups, to); }, disabled);
    // Teams may name it all the same: it stands among the others until they are read.
    if (disabled) out.disabled_agents.push_back(agent);
    out.agents.push_back(std::move(agent));
  }
}

namespace {

/// A rollback changes no channel's token, and no administrator's.
void set_stored_tokens(const account_index& stored, dispatch_config& out) {
  for (auto& c : out.channels) {
    const auto at = stored.find(login_name("channels", c.id.value));
    if (at != stored.end()) c.token_sha256 = at->second.login.token_sha256;
  }
  for (auto& t : out.admin_tokens) {
    const auto at = stored.find(login_name("admin_tokens", t.id));
    if (at != stored.end()) t.token_sha256 = at->second.login.token_sha256;
  }
}

}  // namespace

void add_stored_accounts(const account_index& stored, dispatch_config& out, error_list& errors) {
  set_stored_tokens(stored, out);
  std::set<std::string, std::less<>> written, aside;
  for (auto& a : out.agents) {
    written.insert(a.id.value);
    const auto at = stored.find(a.id.value);
    if (at != stored.end()) set_login(a, at->second.login);
  }
  for (auto& a : out.disabled_agents) aside.insert(a.id.value);
  for (auto& [id, account] : stored) {
    if (account.entry.empty() || written.contains(id)) continue;
    declared_ids ids;
    error_list own("account " + id);
    bool disabled = false;
    const auto root = parse_yaml(account.entry, own);
    const auto list = root ? root->node()["agents"] : YAML::Node();
    if (list && list.IsSequence() && list.size() == 1) {
      out.agents.push_back(read_agent(
          yaml_value(list[0], 1, "agents[0]", own), ids,
          [&](auto& v, auto& to) { read_groups_that_are(v, out, to); }, disabled));
      set_login(out.agents.back(), account.login);
      written.insert(id);
    }
    for (auto& e : own.take()) errors.add(0, e.file, e.message);
  }
  out.disabled_agents.clear();
  for (auto& a : out.agents) {
    const auto at = stored.find(a.id.value);
    const bool disabled =
        at == stored.end() ? aside.contains(a.id.value) : at->second.login.disabled;
    if (disabled) out.disabled_agents.push_back(a);
  }
}

result<agent_config> read_account(const std::string& entry, const dispatch_config& all) {
  error_list errors("account");
  const auto groups = group_names(all);
  declared_ids ids;
  bool disabled = false;
  std::optional<agent_config> out;
  if (auto root = parse_yaml(entry, errors)) {
    out = read_agent(
        yaml_value(root->node()["agents"][0], 1, "fields", errors), ids,
        [&](auto& v, auto& to) { read_groups_of(v, groups, to); }, disabled);
  }
  if (errors.empty() && out) return std::move(*out);
  const auto all_errors = errors.take();
  std::string text;
  for (auto& e : all_errors) text += (text.empty() ? "" : "\n") + e.key + ": " + e.message;
  return tl::unexpected(error{errc::invalid_argument, text, all_errors.front().key, "errors",
                              static_cast<std::int64_t>(all_errors.size())});
}

void set_disabled_aside(dispatch_config& out) {
  std::set<agent_id> gone;
  for (auto& a : out.disabled_agents) gone.insert(a.id);
  if (gone.empty()) return;
  // Each with its team, as the teams have told it.
  out.disabled_agents.clear();
  for (auto& a : out.agents) {
    if (gone.contains(a.id)) out.disabled_agents.push_back(a);
  }
  std::erase_if(out.agents, [&](auto& a) { return gone.contains(a.id); });
  for (auto& team : out.teams) {
    std::erase_if(team.leaders, [&](auto& id) { return gone.contains(id); });
    std::erase_if(team.members, [&](auto& id) { return gone.contains(id); });
  }
}

void read_channels(const yaml_value& section, dispatch_config& out) {
  declared_ids ids;
  for (const auto& one : section.list(1000)) out.channels.push_back(read_channel(one, ids, out));
}

void read_admin_tokens(const yaml_value& section, dispatch_config& out) {
  declared_ids ids;
  for (const auto& one : section.list(1000)) {
    admin_token token;
    token.where = one.where();
    yaml_map map(one);
    token.id = ids.read(map);
    map.need("token_sha256");
    read_token(map, token.token_sha256);
    map.finish();
    out.admin_tokens.push_back(std::move(token));
  }
}

}  // namespace switchboard::config
