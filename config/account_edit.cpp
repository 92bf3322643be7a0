#include "config/account_edit.hpp"

#include <algorithm>

#include "config/text_editor.hpp"
#include "config/token.hpp"
#include "config/yaml_edit.hpp"

namespace switchboard::config {
namespace {

constexpr auto list = "agents";

const agent_config* find(const dispatch_config& all, const std::string& id) {
  for (auto* some : {&all.agents, &all.disabled_agents}) {
    const auto at = std::ranges::find(*some, agent_id{id}, &agent_config::id);
    if (at != some->end()) return &*at;
  }
  return nullptr;
}

tl::unexpected<error> unknown(const std::string& id) {
  return fail(errc::not_found, "id: there is no account \"" + id + "\"", "id");
}

std::vector<refused_key> not_fields() {
  return {{"id", "is given beside the fields"},
          {"disabled", "use account.disable and account.enable"},
          {"old_token", "use account.new_token"}};
}

}  // namespace

result<std::string> create_account(std::string_view text, const dispatch_config& all,
                                   const std::string& id, const std::string& fields) {
  if (auto ok = check_id(id, "id"); !ok) return tl::unexpected(ok.error());
  if (find(all, id))
    return fail(errc::already_exists, "id: there is an account \"" + id + "\"", "id");
  auto read = read_fields(fields, not_fields());
  if (!read) return tl::unexpected(read.error());
  text_editor edit(text);
  edit.add(list, element_text(id, *read));
  return edit.take();
}

result<std::string> update_account(std::string_view text, const dispatch_config& all,
                                   const std::string& id, const std::string& fields) {
  if (!find(all, id)) return unknown(id);
  auto read = read_fields(fields, not_fields());
  if (!read) return tl::unexpected(read.error());
  text_editor edit(text);
  edit.patch({list, id}, *read);
  return edit.take();
}

result<std::string> disable_account(std::string_view text, const dispatch_config& all,
                                    const std::string& id) {
  if (!find(all, id)) return unknown(id);
  text_editor edit(text);
  edit.set({list, id, "disabled"}, "true");
  return edit.take();
}

result<std::string> enable_account(std::string_view text, const dispatch_config& all,
                                   const std::string& id) {
  if (!find(all, id)) return unknown(id);
  text_editor edit(text);
  edit.unset({list, id, "disabled"});
  return edit.take();
}

result<std::string> set_password_hash(std::string_view text, const dispatch_config& all,
                                      const std::string& id, const std::string& hash) {
  if (!find(all, id)) return unknown(id);
  text_editor edit(text);
  edit.set({list, id, "password_hash"}, yaml_text(hash));
  return edit.take();
}

result<std::string> replace_token(std::string_view text, const dispatch_config& all,
                                  const std::string& id, const std::string& sha256,
                                  timestamp until) {
  const auto* account = find(all, id);
  if (!account) return unknown(id);
  text_editor edit(text);
  if (until != timestamp{} && !account->token_sha256.empty()) {
    edit.set({list, id, "old_token"}, "{sha256: " + yaml_text(account->token_sha256) +
                                          ", until: " + yaml_text(utc_text(until)) + "}");
  } else {
    edit.unset({list, id, "old_token"});
  }
  edit.set({list, id, "token_sha256"}, yaml_text(sha256));
  return edit.take();
}

}  // namespace switchboard::config
