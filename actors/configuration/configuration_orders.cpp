#include <algorithm>

#include "actors/configuration/configuration_body.hpp"
#include "config/group_edit.hpp"
#include "runtime/log/log.hpp"

/// Accounts and groups changed one by one: each order becomes one new version, of the text for
/// groups and what is written of accounts, of what is stored beside it for the rest.
namespace switchboard {
namespace {

using order = configuration_order;

bool is_import(const configuration_call& m) {
  return m.order == order::account_create && m.id.empty();
}

bool about_account(order o) {
  return o <= order::account_token;
}

/// What the history says of it.
std::string remark_of(const configuration_call& m) {
  const auto why = m.comment.empty() ? "" : ": " + m.comment;
  if (is_import(m)) return "accounts imported" + why;
  auto text = (about_account(m.order) ? "account " : "group ") + m.id;
  switch (m.order) {
    case order::account_create:
    case order::group_create:
      text += ": created";
      break;
    case order::account_update:
    case order::group_update:
      text += ": changed";
      break;
    case order::account_disable:
      text += ": disabled";
      break;
    case order::account_enable:
      text += ": enabled";
      break;
    case order::account_password:
      text += ": password set";
      break;
    case order::account_token:
      text += ": new token";
      break;
    case order::group_merge:
      text += ": merged into " + m.into;
      break;
    case order::group_retire:
      text += ": retired" + (m.into.empty() ? "" : ", rules send to " + m.into);
      break;
  }
  return text + why;
}

/// What the log calls it.
std::string_view event_of(const configuration_call& m) {
  if (m.method == configuration_method::rollback) return "configuration_rolled_back";
  if (m.method != configuration_method::order) return "configuration_changed";
  if (is_import(m)) return "accounts_imported";
  switch (m.order) {
    case order::account_create:
      return "account_created";
    case order::account_update:
      return "account_changed";
    case order::account_disable:
      return "account_disabled";
    case order::account_enable:
      return "account_enabled";
    case order::account_password:
      return "account_password_changed";
    case order::account_token:
      return "account_token_changed";
    case order::group_create:
      return "group_created";
    case order::group_update:
      return "group_changed";
    case order::group_merge:
      return "group_merged";
    case order::group_retire:
      return "group_retired";
  }
  return "configuration_changed";
}

/// "agents[3].groups[0]" is "fields.groups[0]" for who gave the fields.
std::string field_of(const std::string& key) {
  const auto bracket = key.find(']');
  const bool element = key.starts_with("agents[") || key.starts_with("groups[");
  if (!element || bracket == std::string::npos) return {};
  return "fields" + key.substr(bracket + 1);
}

/// The accounts of `c` but for one, disabled or not.
std::vector<const config::agent_config*> others(const config::dispatch_config& c,
                                                const std::string& id) {
  std::vector<const config::agent_config*> out;
  for (auto* some : {&c.agents, &c.disabled_agents}) {
    for (auto& a : *some) {
      if (a.id.value != id) out.push_back(&a);
    }
  }
  std::ranges::sort(out, {}, [](auto* a) { return a->id; });
  return out;
}

}  // namespace

void configuration_body::carry_out(configuration_call& m) {
  auto w = ordered(m);
  if (!w) return m.reply.fail(services_.journal.last(), w.error());
  m.file = active_.version.file;
  w->comment = remark_of(m);
  apply(m, std::move(*w));
}

/// Ids only: what was set is nobody's business in a log.
void configuration_body::log_change(const configuration_call& m) const {
  const agent_id by{m.by.id}, about{m.id};
  if (m.method == configuration_method::rollback) {
    return log::info(event_of(m), {{"version", record_.latest}, {"to", m.version}, {"by", by}});
  }
  if (m.id.empty()) return log::info(event_of(m), {{"version", record_.latest}, {"by", by}});
  if (!m.into.empty()) {
    return log::info(
        event_of(m),
        {{"version", record_.latest}, {"id", about}, {"into", group_id{m.into}}, {"by", by}});
  }
  log::info(event_of(m), {{"version", record_.latest}, {"id", about}, {"by", by}});
}

result<configuration_body::wanted> configuration_body::ordered(const configuration_call& m) const {
  if (is_import(m)) return imported_accounts(m);
  if (m.order == order::account_create) return created_account(m);
  if (about_account(m.order)) return changed_account(m);
  auto text = ordered_text(m);
  if (!text) return tl::unexpected(text.error());
  return wanted{std::move(*text), {}, config::text_origin::written, {}};
}

result<std::string> configuration_body::ordered_text(const configuration_call& m) const {
  const auto& text = active_.version.text;
  const auto& all = *active_.dispatch;
  switch (m.order) {
    case order::group_create:
      return config::create_group(text, all, m.id, m.text);
    case order::group_update:
      return config::update_group(text, all, m.id, m.text);
    case order::group_merge:
      return config::merge_groups(text, all, m.id, m.into);
    case order::group_retire:
      return config::retire_group(text, all, m.id, m.into);
    default:
      return fail(errc::unimplemented, "an order of a newer version");
  }
}

/// By a YAML alias one line may speak for many; whoever changes one account means one.
bool configuration_body::strays(const configuration_call& m,
                                const config::dispatch_config& next) const {
  if (is_import(m)) return false;
  if (about_account(m.order)) {
    return !std::ranges::equal(others(*active_.dispatch, m.id), others(next, m.id),
                               [](auto* a, auto* b) { return *a == *b; });
  }
  if (m.order != order::group_create && m.order != order::group_update) return false;
  auto but_this = [&](const config::dispatch_config& c) {
    auto groups = c.groups;
    std::erase_if(groups, [&](auto& g) { return g.id.value == m.id; });
    return groups;
  };
  return but_this(*active_.dispatch) != but_this(next);
}

void configuration_body::refuse_order(const configuration_call& m,
                                      const config::config_errors& errors) const {
  constexpr std::size_t most = 20;
  std::string all, first;
  const bool has_fields = !m.text.empty();
  for (std::size_t i = 0; i < errors.size() && i < most; ++i) {
    auto field = has_fields ? field_of(errors[i].key) : std::string{};
    if (i == 0) first = field.empty() ? "id" : field;
    all +=
        (i == 0 ? "" : "\n") + (field.empty() ? errors[i].key : field) + ": " + errors[i].message;
  }
  m.reply.fail(services_.journal.last(), error{errc::invalid_argument, all, first, "errors",
                                               static_cast<std::int64_t>(errors.size())});
}

}  // namespace switchboard
