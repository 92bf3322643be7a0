#include "config/account_edit.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "config/text_editor.hpp"
#include "config/token.hpp"
#include "config/yaml_edit.hpp"

namespace switchboard::config {
namespace {

constexpr auto agent_list = "agents";
constexpr const char* login_keys[] = {"token_sha256", "old_token", "password_hash", "disabled"};

std::vector<refused_key> not_account_fields() {
  return {{"id", "is given beside the fields"},
          {"disabled", "use account.disable and account.enable"},
          {"old_token", "use account.new_token"}};
}

tl::unexpected<error> wrong_field(const char* key, const char* why) {
  const auto field = "fields." + std::string(key);
  return fail(errc::invalid_argument, field + ": " + why, field);
}

/// What a field says, and is taken out; `null` says nothing is to be there.
std::optional<std::string> taken(YAML::Node& fields, const char* key) {
  const auto value = fields[key];
  if (!value) return std::nullopt;
  auto out = value.IsScalar() ? value.Scalar() : std::string();
  fields.remove(key);
  return out;
}

std::string entry_of(const std::string& id, const YAML::Node& fields) {
  return std::string(agent_list) + ":\n  - " + element_text(id, fields) + "\n";
}

/// Without `id` and log-in.
YAML::Node plain_fields(const YAML::Node& agent) {
  auto out = YAML::Clone(agent);
  out.remove("id");
  for (auto* key : login_keys) out.remove(key);
  return out;
}

void put_login(YAML::Node& fields, const login_data& x) {
  if (!x.token_sha256.empty()) fields["token_sha256"] = x.token_sha256;
  if (!x.old_token_sha256.empty()) {
    fields["old_token"]["sha256"] = x.old_token_sha256;
    fields["old_token"]["until"] = utc_text(x.old_token_until);
  }
  if (!x.password_hash.empty()) fields["password_hash"] = x.password_hash;
  if (x.disabled) fields["disabled"] = "true";
}

/// Every account that is written or stored, by id.
std::map<std::string, YAML::Node> agents_in(std::string_view text) {
  std::map<std::string, YAML::Node> out;
  try {
    const auto agents = YAML::Load(std::string(text))[agent_list];
    if (!agents || !agents.IsSequence()) return out;
    for (const auto& a : agents) {
      if (a.IsMap() && a["id"] && a["id"].IsScalar()) out.emplace(a["id"].Scalar(), a);
    }
  } catch (const std::exception&) {
    return {};
  }
  return out;
}

}  // namespace

result<account_fields> read_account_fields(const std::string& fields) {
  auto read = read_fields(fields, not_account_fields());
  if (!read) return tl::unexpected(read.error());
  account_fields out;
  out.token_sha256 = taken(*read, "token_sha256");
  out.password_hash = taken(*read, "password_hash");
  if (out.token_sha256 && !out.token_sha256->empty() && !is_sha256_hex(*out.token_sha256)) {
    return wrong_field("token_sha256",
                       "expected the token's SHA-256 as 64 hexadecimal digits in lower case");
  }
  if (out.password_hash && !out.password_hash->empty() && !is_password_hash(*out.password_hash)) {
    return wrong_field(
        "password_hash",
        "expected an Argon2id hash as `switchboardctl hash-password` prints it, of 8 to 256 MiB");
  }
  out.names_groups = static_cast<bool>((*read)["groups"]);
  out.rest = flow_text(*read, nulls::kept);
  return out;
}

void set_login(login_data& login, const account_fields& fields) {
  if (fields.token_sha256) replace_token(login, *fields.token_sha256, timestamp{});
  if (fields.password_hash) login.password_hash = *fields.password_hash;
}

result<std::string> new_entry(const std::string& id, const account_fields& fields) {
  if (auto ok = check_id(id, "id"); !ok) return tl::unexpected(ok.error());
  return entry_of(id, YAML::Load(fields.rest));
}

result<std::string> patch_account(std::string_view text, const std::string& id,
                                  const account_fields& fields) {
  text_editor edit(text);
  edit.patch({agent_list, id}, YAML::Load(fields.rest));
  return edit.take();
}

void replace_token(login_data& login, const std::string& sha256, timestamp until) {
  const bool overlaps = until != timestamp{} && !login.token_sha256.empty();
  login.old_token_sha256 = overlaps ? login.token_sha256 : std::string();
  login.old_token_until = overlaps ? until : timestamp{};
  login.token_sha256 = sha256;
}

account_export export_accounts(std::string_view text, const account_index& stored,
                               const std::string& after, std::size_t limit) {
  auto all = agents_in(text);
  for (auto& [id, account] : stored) {
    if (account.entry.empty() || all.contains(id)) continue;
    for (auto& [own, node] : agents_in(account.entry)) all.emplace(own, node);
  }
  account_export out;
  out.text = std::string(agent_list) + ":\n";
  for (auto at = all.upper_bound(after); at != all.end(); ++at) {
    if (out.accounts == limit) {
      out.next = std::prev(at)->first;
      break;
    }
    auto& [id, node] = *at;
    auto fields = plain_fields(node);
    const auto known = stored.find(id);
    put_login(fields, known == stored.end() ? login_written_in(node) : known->second.login);
    out.text += "  - " + element_text(id, fields) + "\n";
    ++out.accounts;
  }
  return out;
}

result<std::vector<stored_account>> read_exported(const std::string& text) {
  std::vector<stored_account> out;
  for (auto& [id, node] : agents_in(text)) {
    if (auto ok = check_id(id, "text"); !ok) return tl::unexpected(ok.error());
    const auto login = login_written_in(node);
    const bool good = (login.token_sha256.empty() || is_sha256_hex(login.token_sha256)) &&
                      (login.old_token_sha256.empty() || is_sha256_hex(login.old_token_sha256)) &&
                      (login.password_hash.empty() || is_password_hash(login.password_hash));
    if (!good) {
      return fail(
          errc::invalid_argument,
          "text: account " + id +
              ": expected token_sha256, old_token and password_hash as account.export writes them",
          "text");
    }
    out.push_back({id, entry_of(id, plain_fields(node)), login, {}});
  }
  if (out.empty())
    return fail(errc::invalid_argument,
                "text: expected a list `agents` as account.export writes it", "text");
  return out;
}

}  // namespace switchboard::config
