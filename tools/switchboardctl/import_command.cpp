#include <filesystem>
#include <fstream>
#include <map>

#include "adapters/center/embedded_centers.hpp"
#include "config/options_loader.hpp"
#include "tools/switchboardctl/offline_commands.hpp"
#include "tools/switchboardctl/text_table.hpp"

namespace switchboard::ctl {
namespace {

using center::center_kind;
using center::import_format;

tl::unexpected<failure> usage(std::string message) {
  return tl::unexpected(failure{exit_code::usage, "usage", std::move(message), {}, {}});
}

tl::expected<center_kind, failure> kind_of(const std::string& name) {
  static const std::map<std::string, center_kind> kinds{{"member", center_kind::member},
                                                        {"tag", center_kind::tag},
                                                        {"product", center_kind::product},
                                                        {"trade", center_kind::order},
                                                        {"order", center_kind::order}};
  auto at = kinds.find(name);
  if (at == kinds.end()) return usage("KIND is one of member, tag, product, trade");
  return at->second;
}

tl::expected<import_format, failure> format_of(const import_options& options) {
  auto name = options.format;
  if (name.empty()) name = std::filesystem::path(options.file).extension().string();
  if (name == "csv" || name == ".csv") return import_format::csv;
  if (name == "jsonl" || name == ".jsonl" || name == ".ndjson") return import_format::jsonl;
  return usage("--format is csv or jsonl");
}

tl::expected<std::string, failure> folder_of(const import_options& options) {
  if (options.dir.empty() == options.config.empty()) {
    return usage("give either --dir DIR or --config FILE");
  }
  if (!options.dir.empty()) return options.dir;
  auto loaded = config::load_options(options.config);
  if (!loaded) {
    json details;
    for (auto& e : loaded.error()) details["errors"].push_back(config::to_string(e));
    return tl::unexpected(failure{exit_code::failed,
                                  "invalid_argument",
                                  options.config + " is not valid",
                                  std::move(details),
                                  {}});
  }
  const auto& c = loaded->centers;
  const auto& one = options.kind == "member"    ? c.member
                    : options.kind == "tag"     ? c.tag
                    : options.kind == "product" ? c.product
                                                : c.trade;
  if (one.kind != "embedded")
    return usage("in this configuration the " + options.kind + " center is no embedded one");
  return c.dir;
}

failure refused(const import_options& options, const center::import_report& done) {
  json details;
  for (auto& e : done.errors) details["errors"].push_back(to_string(e));
  if (done.more_errors > 0) {
    details["errors"].push_back("and " + std::to_string(done.more_errors) + " more");
  }
  return {exit_code::failed,
          "invalid_argument",
          options.file + ": nothing was imported",
          std::move(details),
          {}};
}

}  // namespace

outcome import_file(const import_options& options) {
  auto kind = kind_of(options.kind);
  if (!kind) return tl::unexpected(kind.error());
  auto format = format_of(options);
  if (!format) return tl::unexpected(format.error());
  auto folder = folder_of(options);
  if (!folder) return tl::unexpected(folder.error());
  std::ifstream in(options.file, std::ios::binary);
  if (!in) {
    return tl::unexpected(
        failure{exit_code::failed, "not_found", options.file + ": cannot be read", {}, {}});
  }
  auto centers = center::embedded_centers::open({.dir = *folder});
  if (!centers) return tl::unexpected(failure_of(centers.error()));
  auto mode = options.replace ? center::import_mode::replace : center::import_mode::upsert;
  auto name = std::filesystem::path(options.file).filename().string();
  auto done = (*centers)->import({*kind, *format, mode, name}, in);
  if (!done.good()) return tl::unexpected(refused(options, done));
  auto held = (*centers)->count(*kind).value_or(0);
  report out;
  out.data = {{"kind", options.kind},
              {"records", done.records},
              {"replaced", done.replaced},
              {"held", held}};
  out.text = name + ": " + terminal::count_text(static_cast<long long>(done.records)) +
             " records imported, " + std::to_string(done.replaced) +
             " of them in place of earlier ones; " +
             terminal::count_text(static_cast<long long>(held)) + " held\n";
  return out;
}

}  // namespace switchboard::ctl
