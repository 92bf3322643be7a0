#include <filesystem>
#include <map>

#include "actors/reception/attachment_release.hpp"
#include "adapters/attachment/attachment_store.hpp"
#include "adapters/attachment/index_layout.hpp"
#include "runtime/log/log.hpp"
#include "runtime/store/sealed_tables.hpp"

/// The index of files: what it is opened with, what is mended of it, and what leaves it.
namespace switchboard::attachment {

/// A damaged index is put aside: customers are served, and files sent before are found again when a
/// backup's takes its place.
result<std::unique_ptr<store::lmdb_env>> attachment_store::open_index(const std::string& dir) {
  const auto options = index_of(dir);
  auto env = store::lmdb_env::open(options);
  if (env || env.error().detail_name != "page") return env;
  const auto aside = damaged_index_of(dir);
  std::error_code ec;
  std::filesystem::remove_all(aside, ec);
  std::filesystem::rename(options.dir, aside, ec);
  if (ec) return env;
  log::error("attachment_index_damaged",
             {{"why", log::technical{env.error().message}}, {"lies_in", log::technical{aside}}});
  return store::lmdb_env::open(options);
}

result<void> attachment_store::open_tables() {
  auto tables =
      store::open_sealed(*index_, {"entries", "uses", "usage", "expiry"}, "the index of files");
  if (!tables) return tl::unexpected(tables.error());
  entries_ = (*tables)[0];
  uses_ = (*tables)[1];
  usage_ = (*tables)[2];
  expiry_ = (*tables)[3];
  return {};
}

/// How often a content is used, what a channel holds and what expires follow from the entries.
result<void> attachment_store::mend_index() {
  auto txn = index_->begin_write();
  if (!txn) return tl::unexpected(txn.error());
  std::size_t damaged = 0;
  for (auto table : {uses_, usage_, expiry_}) {
    damaged += scan_whole(*txn, table, {}, [](auto, auto) { return true; });
  }
  if (damaged == 0) return {};
  std::map<std::string, std::uint64_t> uses, usage, none;
  std::map<std::string, std::string> expiry;
  const auto lost = scan_whole(*txn, entries_, {},
                               [&](std::string_view id, std::optional<std::string_view> packed) {
                                 record r;
                                 if (!packed || !codec::unpack(*packed, r)) return true;
                                 ++uses[r.sha256];
                                 usage[r.channel] += r.size;
                                 if (r.claimed_by.empty())
                                   expiry[expiry_key(r.expires_at, std::string(id))] = id;
                                 return true;
                               });
  result<void> ok;
  for (auto table : {uses_, usage_, expiry_}) {
    if (ok) ok = txn->clear(table);
  }
  for (auto& [sha256, n] : uses) {
    if (ok) ok = txn->put(uses_, sha256, count_bytes(n));
  }
  for (auto& [channel, n] : usage) {
    if (ok) ok = txn->put(usage_, channel, count_bytes(n));
  }
  for (auto& [key, id] : expiry) {
    if (ok) ok = txn->put(expiry_, key, id);
  }
  if (ok) ok = txn->commit();
  if (ok) log::error("attachment_index_mended", {{"made_anew", damaged}, {"lost", lost}});
  return ok;
}

/// Contents that nobody names; but none while a damaged entry may name it.
void attachment_store::remove_strays() {
  if (std::filesystem::exists(damaged_index_of(dir_))) return;
  auto txn = index_->begin_read();
  if (!txn) return;
  if (const auto lost = scan_whole(*txn, entries_, {}, [](auto, auto) { return true; })) {
    return log::error("attachment_entries_damaged", {{"lost", lost}});
  }
  files_.for_each([&](const std::string& sha256) {
    if (count_of(txn->get(uses_, sha256)) == 0) files_.remove(sha256);
  });
}

result<void> attachment_store::take_out(store::lmdb_write& txn, const record& r,
                                        bool& last_use) const {
  const auto uses = whole_count(txn, uses_, r.sha256), usage = whole_count(txn, usage_, r.channel);
  last_use = uses && *uses <= 1;
  result<void> ok = txn.erase(entries_, r.id);
  if (ok) ok = txn.erase(expiry_, expiry_key(r.expires_at, r.id));
  if (ok && last_use) ok = txn.erase(uses_, r.sha256);
  if (ok && uses && *uses > 1) ok = txn.put(uses_, r.sha256, count_bytes(*uses - 1));
  if (ok && usage) ok = txn.put(usage_, r.channel, count_bytes(*usage - std::min(*usage, r.size)));
  return ok;
}

result<std::size_t> attachment_store::forget(const std::string& session) {
  return readable([&]() -> result<std::size_t> {
    auto under_way =
        std::erase_if(uploads_, [&](auto& u) { return u.second.what.session == session; });
    auto txn = index_->begin_write();
    if (!txn) return tl::unexpected(txn.error());
    std::vector<record> all;
    std::vector<std::string> unreadable;
    scan_whole(*txn, entries_, session,
               [&](std::string_view id, std::optional<std::string_view> packed) {
                 if (!id.starts_with(session)) return false;
                 if (!belongs_to(id, session)) return true;
                 if (packed && codec::unpack(*packed, all.emplace_back())) return true;
                 if (packed) all.pop_back();
                 unreadable.emplace_back(id);
                 return true;
               });
    // What is damaged leaves the index; its content may be another's too, and stays.
    for (auto& id : unreadable) {
      if (auto ok = txn->erase(entries_, id); !ok) return tl::unexpected(ok.error());
    }
    std::vector<std::string> unused;
    for (auto& r : all) {
      bool last_use = false;
      if (auto ok = take_out(*txn, r, last_use); !ok) return tl::unexpected(ok.error());
      if (last_use) unused.push_back(r.sha256);
    }
    if (auto ok = txn->commit(); !ok) return tl::unexpected(ok.error());
    for (auto& sha256 : unused) files_.remove(sha256);
    return all.size() + unreadable.size() + under_way;
  });
}

std::size_t attachment_store::sweep(timestamp now) {
  std::erase_if(uploads_, [&](auto& u) { return late(u.second, now); });
  constexpr std::size_t at_once = 256;
  std::vector<std::string> due;
  if (auto txn = index_->begin_read()) {
    auto end = expiry_key(now, {});
    scan_whole(*txn, expiry_, {}, [&](std::string_view key, std::optional<std::string_view> id) {
      if (key.substr(0, end.size()) >= end) return false;
      if (id) due.emplace_back(*id);
      return due.size() < at_once;
    });
  }
  for (auto& id : due) {
    if (auto ok = release(id); !ok && ok.error().code != errc::internal) break;
  }
  return due.size();
}

}  // namespace switchboard::attachment
