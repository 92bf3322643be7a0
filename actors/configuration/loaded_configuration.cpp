#include "actors/configuration/loaded_configuration.hpp"

#include "actors/configuration/file_decision.hpp"
#include "actors/mining/mining_rules.hpp"
#include "config/dispatch_loader.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard {

config::checked<loaded_configuration> load_configuration(
    config_version v, const std::string& folder,
    std::shared_ptr<const config::account_index> accounts, config::kept_words* kept) {
  if (!accounts) accounts = std::make_shared<const config::account_index>();
  auto dispatch = config::parse_dispatch(v.text, v.file, folder, *accounts, kept);
  if (!dispatch) return tl::unexpected(dispatch.error());
  auto rules = compile_routing(*dispatch, v.version);
  if (!rules) return tl::unexpected(rules.error());
  if (auto mining = mining_rules::compile(*dispatch); !mining)
    return tl::unexpected(mining.error());
  return loaded_configuration{std::move(v),
                              std::make_shared<const config::dispatch_config>(std::move(*dispatch)),
                              *rules, std::move(accounts)};
}

std::uint64_t file_hash_of(std::string_view text) {
  return fnv1a(text);
}

namespace {

using book = std::shared_ptr<const config::account_index>;

std::string named(const config_version& v) {
  return "version " + std::to_string(v.version);
}

/// The version goes on, whatever the file says.
void go_on(configuration_start& out, std::string file_text, std::string file_name,
           const configuration_past& past, file_decision found, timestamp now) {
  const auto& last = *past.last;
  if (found.what == file_decision::kind::conflict) {
    out.remark = named(last) + " goes on: the file has changed and would take back " +
                 std::to_string(found.lost.size()) +
                 " things decided while running; see switchboardctl rules conflicts";
    out.conflict =
        file_conflict{std::move(file_text), std::move(file_name), std::move(found.lost), now};
    return;
  }
  if (found.like != 0) out.settle = file_hash_of(file_text);
  if (last.text != file_text) {
    out.remark = named(last) + " goes on, applied by " + last.by + "; the file " +
                 (found.like != 0 ? "says what version " + std::to_string(found.like) + " did"
                                  : std::string("is older and has not changed since"));
  }
}

config::checked<configuration_start> take_file(std::string text, std::string name,
                                               const configuration_past& past, timestamp now,
                                               const std::string& folder) {
  configuration_start out;
  auto accounts = past.accounts;
  if (past.last) {
    // Of a text that is lost nobody knows whether this one says anything new: it takes nothing
    // back.
    out.accounts = config::accounts_after(
        accounts, config::written_logins(past.last->text.empty() ? text : past.last->text),
        config::written_logins(text), config::text_origin::written);
    for (auto& a : out.accounts) accounts.insert_or_assign(a.id, a);
  }
  config_version v;
  v.version = past.last ? past.last->version + 1 : 1;
  v.at = now;
  v.by = "file";
  v.comment = past.last ? "the file has changed" : "the first start";
  v.file = std::move(name);
  v.file_hash = file_hash_of(text);
  v.value_hash = config::value_hash_of(text);
  v.text = std::move(text);
  auto loaded = load_configuration(
      std::move(v), folder, std::make_shared<const config::account_index>(std::move(accounts)));
  if (!loaded) return tl::unexpected(loaded.error());
  out.use = std::move(*loaded);
  out.fresh = true;
  return out;
}

}  // namespace

config::checked<configuration_start> choose_start(std::string file_text, std::string file_name,
                                                  const configuration_past& past, timestamp now,
                                                  const std::string& folder) {
  std::string remark;
  if (past.last && !past.last->text.empty()) {
    const auto settled = past.settled != 0 ? past.settled : past.last->file_hash;
    config::kept_words kept_words;
    auto found = decide_on_file(file_text, *past.last, settled, past.find);
    if (found.what == file_decision::kind::take) {
      remark = "the file has changed since " + named(*past.last) + ", and is taken";
    } else if (auto kept = load_configuration(
                   *past.last, folder, std::make_shared<const config::account_index>(past.accounts),
                   &kept_words)) {
      configuration_start out;
      out.use = std::move(*kept);
      go_on(out, std::move(file_text), std::move(file_name), past, std::move(found), now);
      for (auto& why : kept_words.unread)
        out.remark += (out.remark.empty() ? "" : "; ") + why + " (the list goes on without it)";
      return out;
    } else {
      remark = named(*past.last) + " cannot be read any more: the file is taken";
    }
  }
  if (past.last && past.last->text.empty())
    remark = named(*past.last) + " of the configuration cannot be read any more: the file is taken";
  auto out = take_file(std::move(file_text), std::move(file_name), past, now, folder);
  if (out) out->remark = std::move(remark);
  return out;
}

}  // namespace switchboard
