#include "config/account_index.hpp"

#include <optional>
#include <set>

#include <yaml-cpp/yaml.h>

#include "config/text_editor.hpp"
#include "config/token.hpp"

namespace switchboard::config {
namespace {

std::string text_at(const YAML::Node& map, const char* key) {
  const auto value = map[key];
  return value && value.IsScalar() ? value.Scalar() : std::string();
}

bool same_token(const login_data& a, const login_data& b) {
  return a.token_sha256 == b.token_sha256 && a.old_token_sha256 == b.old_token_sha256 &&
         a.old_token_until == b.old_token_until;
}

void take_token(login_data& into, const login_data& from) {
  into.token_sha256 = from.token_sha256;
  into.old_token_sha256 = from.old_token_sha256;
  into.old_token_until = from.old_token_until;
}

/// News is what neither the text before nor the one last taken up said: a text that was rolled back
/// to, and is edited, has nothing to say of log-in.
template <class Same, class Take>
void take_news(stored_account& a, const login_data& now, const login_data* before, Same same,
               Take take) {
  if (same(now, a.written) || (before && same(now, *before))) return;
  take(a.login);
  take(a.written);
}

void take_written(stored_account& a, const login_data& now, const login_data* before) {
  using x = login_data;
  take_news(a, now, before, same_token, [&](x& to) { take_token(to, now); });
  take_news(
      a, now, before, [](const x& l, const x& r) { return l.password_hash == r.password_hash; },
      [&](x& to) { to.password_hash = now.password_hash; });
  take_news(
      a, now, before, [](const x& l, const x& r) { return l.disabled == r.disabled; },
      [&](x& to) { to.disabled = now.disabled; });
}

/// Made while running, and now written down: what was set since is newer than the text. The entry
/// stays, for the day an earlier text takes its place.
void adopt(stored_account& a, const login_data& now) {
  if (a.written != login_data{}) return take_written(a, now, nullptr);
  if (a.login.token_sha256.empty()) take_token(a.login, now);
  if (a.login.password_hash.empty()) a.login.password_hash = now.password_hash;
  a.login.disabled |= now.disabled;
  a.written = now;
}

const login_data* find(const login_table& in, const std::string& id) {
  const auto at = in.find(id);
  return at == in.end() ? nullptr : &at->second;
}

std::optional<stored_account> account_after(const account_index& known, const std::string& id,
                                            const login_data* before, const login_data* after,
                                            text_origin origin) {
  const auto at = known.find(id);
  const auto* stored = at == known.end() ? nullptr : &at->second;
  // Seen for the first time: it is as the text says.
  if (!stored && !before) return std::nullopt;
  if (!stored && after && *before == *after) return std::nullopt;
  auto next = stored ? *stored : stored_account{id, {}, *before, *before};
  if (origin == text_origin::written) {
    const bool made_here = !next.entry.empty() && !before;
    if (!after && before) next.entry.clear();
    if (after && made_here) adopt(next, *after);
    if (after && !made_here) take_written(next, *after, before);
  }
  // Gone from the text, it is remembered: who brings the text back brings no log-in back with it.
  if (stored && next == *stored) return std::nullopt;
  return next;
}

}  // namespace

login_data login_written_in(const YAML::Node& agent) {
  login_data out;
  out.token_sha256 = text_at(agent, "token_sha256");
  out.password_hash = text_at(agent, "password_hash");
  out.disabled = text_at(agent, "disabled") == "true";
  if (const auto old = agent["old_token"]; old && old.IsMap()) {
    out.old_token_sha256 = text_at(old, "sha256");
    out.old_token_until = parse_utc(text_at(old, "until")).value_or(timestamp{});
  }
  return out;
}

std::string login_name(std::string_view section, std::string_view id) {
  return section == "agents" ? std::string(id) : std::string(section) + ":" + std::string(id);
}

login_table written_logins(std::string_view text) {
  login_table out;
  try {
    const auto root = YAML::Load(std::string(text));
    if (!root.IsMap()) return out;
    for (const char* section : {"agents", "channels", "admin_tokens"}) {
      const auto list = root[section];
      if (!list || !list.IsSequence()) continue;
      for (const auto& a : list) {
        if (!a.IsMap()) continue;
        if (const auto id = text_at(a, "id"); !id.empty())
          out.emplace(login_name(section, id), login_written_in(a));
      }
    }
  } catch (const std::exception&) {
    return {};
  }
  return out;
}

login_data login_of(const agent_config& a, bool disabled) {
  return {a.token_sha256, a.old_token_sha256, a.old_token_until, a.password_hash, disabled};
}

void set_login(agent_config& a, const login_data& x) {
  a.token_sha256 = x.token_sha256;
  a.old_token_sha256 = x.old_token_sha256;
  a.old_token_until = x.old_token_until;
  a.password_hash = x.password_hash;
}

std::vector<stored_account> accounts_after(const account_index& known, const login_table& before,
                                           const login_table& after, text_origin origin) {
  std::set<std::string> ids;
  for (auto* some : {&before, &after}) {
    for (auto& [id, login] : *some) ids.insert(id);
  }
  std::vector<stored_account> out;
  for (auto& id : ids) {
    auto next = account_after(known, id, find(before, id), find(after, id), origin);
    if (next) out.push_back(std::move(*next));
  }
  return out;
}

}  // namespace switchboard::config
