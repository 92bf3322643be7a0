#include <filesystem>

#include "adapters/attachment/attachment_verify.hpp"
#include "runtime/store/sealed_tables.hpp"
#include "runtime/store/store_verify.hpp"
#include "tools/switchboardctl/offline_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {
namespace {

namespace fs = std::filesystem;

std::string counted(std::uint64_t n, const std::string& what) {
  return terminal::count_text(static_cast<long long>(n)) + " " + what;
}

/// What is looked at, what was found, and every damage, in words.
struct verification {
  json data = json::object();
  std::string text;
  std::vector<std::string> damaged;

  void store(const std::string& dir) {
    auto found = store::verify_store(dir);
    if (!found) return damaged.push_back(found.error().message);
    data = {{"store_id", found->id},     {"first", found->first},
            {"last", found->last},       {"projected", found->projected},
            {"records", found->records}, {"values", found->values}};
    text += dir + " is whole: " + counted(found->records, "records") + ", " +
            counted(found->values, "values") + "\n";
  }

  void files(const std::string& dir) {
    auto found = attachment::verify_files(dir);
    data["attachments"] = found.attachments;
    data["contents"] = found.contents;
    if (found.damaged.empty()) {
      text += dir + " is whole: " + counted(found.attachments, "attachments") + ", " +
              counted(found.contents, "contents") + "\n";
    }
    for (auto& line : found.damaged) damaged.push_back(dir + ": " + line);
  }

  void centers(const std::string& dir) {
    const auto aside = dir + "/data.mdb.damaged";
    if (fs::exists(aside)) damaged.push_back(aside + " was put aside as damaged: import again");
    auto whole = store::verify_sealed(dir);
    data["centers"] = dir;
    if (!whole) return damaged.push_back(whole.error().message);
    if (!fs::exists(aside)) text += dir + " is whole\n";
  }
};

}  // namespace

outcome verify_store(const verify_options& options) {
  // A backup or a data folder as a whole, or the store in it.
  const bool holds_store = fs::is_directory(options.dir + "/store");
  const auto store =
      fs::path(holds_store ? options.dir + "/store" : options.dir).lexically_normal();
  const auto beside = (store.has_filename() ? store : store.parent_path()).parent_path();
  verification all;
  all.store(store.string());
  if (const auto dir = beside / "attachments"; fs::is_directory(dir)) all.files(dir.string());
  const auto centers = options.centers.empty() ? (beside / "centers").string() : options.centers;
  if (fs::exists(centers + "/data.mdb") || !options.centers.empty())
    all.centers(centers);
  else
    all.text += "centers are not beside it: --centers says where\n";
  if (all.damaged.empty()) return report{std::move(all.data), std::move(all.text)};
  failure why;
  why.code = "internal";
  for (auto& line : all.damaged) why.message += (why.message.empty() ? "" : "\n") + line;
  why.details = {{"damaged", all.damaged}};
  why.text = std::move(all.text);
  return tl::unexpected(std::move(why));
}

}  // namespace switchboard::ctl
