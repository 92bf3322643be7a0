#include <algorithm>

#include "actors/configuration/configuration_body.hpp"
#include "config/account_edit.hpp"
#include "runtime/codec/pack.hpp"

/// Accounts: who logs in how, and who was made while running. Stored beside the text, so that no
/// version of the text brings an old password back (docs/decisions/0032).
namespace switchboard {

namespace {

using order = configuration_order;

const config::agent_config* find_in(const std::vector<config::agent_config>& all,
                                    const std::string& id) {
  const auto at = std::ranges::find(all, agent_id{id}, &config::agent_config::id);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

/// What is stored of an account, or what would be: nothing where there is no such account.
std::optional<config::stored_account> configuration_body::stored(const std::string& id) const {
  const auto& all = *active_.dispatch;
  const auto* aside = find_in(all.disabled_agents, id);
  const auto* a = aside ? aside : find_in(all.agents, id);
  if (!a) return std::nullopt;
  const auto at = active_.accounts->find(id);
  if (at != active_.accounts->end()) return at->second;
  const auto login = config::login_of(*a, aside != nullptr);
  return config::stored_account{id, {}, login, login};
}

result<configuration_body::wanted> configuration_body::created_account(
    const configuration_call& m) const {
  if (stored(m.id)) {
    return fail(errc::already_exists, "id: there is an account \"" + m.id + "\"", "id");
  }
  auto fields = config::read_account_fields(m.text);
  if (!fields) return tl::unexpected(fields.error());
  auto entry = config::new_entry(m.id, *fields);
  if (!entry) return tl::unexpected(entry.error());
  if (auto good = config::read_account(*entry, *active_.dispatch); !good) {
    return tl::unexpected(good.error());
  }
  config::stored_account a{m.id, std::move(*entry), {}, {}};
  config::set_login(a.login, *fields);
  // Whoever had the name before left nothing that opens it.
  const auto before = active_.accounts->find(m.id);
  if (before != active_.accounts->end()) a.written = before->second.written;
  return wanted{active_.version.text, {}, config::text_origin::written, {std::move(a)}};
}

result<configuration_body::wanted> configuration_body::changed_account(
    const configuration_call& m) const {
  auto found = stored(m.id);
  if (!found) return fail(errc::not_found, "id: there is no account \"" + m.id + "\"", "id");
  auto a = *found;
  wanted w{active_.version.text, {}, config::text_origin::written, {}};
  switch (m.order) {
    case order::account_disable:
      a.login.disabled = true;
      break;
    case order::account_enable:
      a.login.disabled = false;
      break;
    case order::account_password:
      a.login.password_hash = m.text;
      break;
    case order::account_token:
      config::replace_token(a.login, m.text, m.until);
      break;
    default:
      if (auto ok = update_account(m, a, w); !ok) return tl::unexpected(ok.error());
  }
  if (a != *found) w.accounts.push_back(std::move(a));
  return w;
}

/// Where the account is written in the text, the text is edited; else its entry.
result<void> configuration_body::update_account(const configuration_call& m,
                                                config::stored_account& a, wanted& w) const {
  auto fields = config::read_account_fields(m.text);
  if (!fields) return tl::unexpected(fields.error());
  config::set_login(a.login, *fields);
  const bool written = a.entry.empty() || config::written_logins(w.text).contains(m.id);
  auto& text = written ? w.text : a.entry;
  auto patched = config::patch_account(text, m.id, *fields);
  if (!patched) return tl::unexpected(patched.error());
  text = std::move(*patched);
  if (written) return {};
  auto good = config::read_account(a.entry, *active_.dispatch);
  if (good) return {};
  // A group it was in may be gone by now: that is nothing against another field.
  const bool of_groups = good.error().field.starts_with("fields.groups");
  if (of_groups && !fields->names_groups) return {};
  return tl::unexpected(good.error());
}

result<configuration_body::wanted> configuration_body::imported_accounts(
    const configuration_call& m) const {
  constexpr std::size_t most = 10'000;
  auto read = config::read_exported(m.text);
  if (!read) return tl::unexpected(read.error());
  if (read->size() > most) {
    return fail(errc::invalid_argument, "text: at most 10000 accounts at once", "text");
  }
  const auto written = config::written_logins(active_.version.text);
  wanted w{active_.version.text, {}, config::text_origin::written, {}};
  for (auto& one : *read) {
    const auto found = stored(one.id);
    auto a = found.value_or(config::stored_account{one.id, {}, {}, {}});
    a.login = one.login;
    // What the text says of an account stays the text's.
    if (!written.contains(one.id)) {
      if (auto good = config::read_account(one.entry, *active_.dispatch); !good) {
        auto why = good.error();
        why.message = "account " + one.id + ": " + why.message;
        why.field = "text";
        return tl::unexpected(why);
      }
      a.entry = one.entry;
    }
    if (!found || a != *found) w.accounts.push_back(std::move(a));
  }
  return w;
}

void configuration_body::export_accounts(const configuration_call& m) {
  const auto limit = m.number == 0 ? std::size_t{1'000} : static_cast<std::size_t>(m.number);
  const auto out = config::export_accounts(active_.version.text, *active_.accounts, m.text, limit);
  codec::packer p;
  p.map(3);
  field(p, "text", out.text);
  field(p, "accounts", static_cast<std::int64_t>(out.accounts));
  field(p, "next", out.next);
  m.reply.ok(written_, p.take());
}

}  // namespace switchboard
