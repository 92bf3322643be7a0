#include "adapters/attachment/attachment_verify.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "adapters/attachment/attachment_record.hpp"
#include "adapters/attachment/content_files.hpp"
#include "adapters/attachment/index_layout.hpp"
#include "runtime/store/sealed_tables.hpp"

namespace switchboard::attachment {
namespace {

/// Contents by their hash, with whether each is what its name says.
std::map<std::string, bool> look_at_contents(const std::string& dir, verified_files& found) {
  std::map<std::string, bool> all;
  const auto files = content_files::at(dir);
  files.for_each([&](const std::string& sha256) {
    ++found.contents;
    auto ok = files.check(sha256);
    all[sha256] = ok.has_value();
    if (!ok) found.damaged.push_back("content " + sha256 + ": " + ok.error().message);
  });
  return all;
}

result<void> look_at_index(const std::string& dir, const std::map<std::string, bool>& contents,
                           verified_files& found) {
  auto options = index_of(dir);
  options.read_only = true;
  auto env = store::lmdb_env::open(options);
  if (!env) return tl::unexpected(env.error());
  auto txn = (*env)->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  auto tables = (*env)->tables(*txn);
  if (!tables) return tl::unexpected(tables.error());
  const auto entries = std::ranges::find(*tables, "entries", &store::named_table::name);
  if (entries == tables->end()) return {};
  scan_whole(
      *txn, entries->table, {}, [&](std::string_view id, std::optional<std::string_view> packed) {
        ++found.attachments;
        record r;
        if (!packed || !codec::unpack(*packed, r)) return true;
        const auto content = contents.find(r.sha256);
        if (content != contents.end() && content->second) return true;
        found.damaged.push_back("attachment " + std::string(id) + " (" + r.name +
                                "): its content " + r.sha256 +
                                (content == contents.end() ? " is not there" : " is damaged"));
        return true;
      });
  return {};
}

}  // namespace

verified_files verify_files(const std::string& dir) {
  verified_files found;
  if (std::filesystem::exists(damaged_index_of(dir))) {
    found.damaged.push_back(damaged_index_of(dir) +
                            " was put aside as damaged: files sent before are not found");
  }
  const auto contents = look_at_contents(dir, found);
  if (!std::filesystem::exists(index_of(dir).dir + "/data.mdb")) {
    if (!contents.empty()) found.damaged.push_back(index_of(dir).dir + " is not there");
    return found;
  }
  if (auto whole = store::verify_sealed(index_of(dir).dir); !whole)
    found.damaged.push_back(whole.error().message);
  auto read = readable([&] { return look_at_index(dir, contents, found); });
  // What its pages say has been said.
  if (!read && found.damaged.empty()) found.damaged.push_back(read.error().message);
  return found;
}

}  // namespace switchboard::attachment
