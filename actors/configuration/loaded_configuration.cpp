#include "actors/configuration/loaded_configuration.hpp"

#include "actors/mining/mining_rules.hpp"
#include "config/dispatch_loader.hpp"
#include "runtime/base/hash.hpp"

namespace switchboard {

config::checked<loaded_configuration> load_configuration(config_version v,
                                                         const std::string& folder) {
  auto dispatch = config::parse_dispatch(v.text, v.file, folder);
  if (!dispatch) return tl::unexpected(dispatch.error());
  auto rules = compile_routing(*dispatch, v.version);
  if (!rules) return tl::unexpected(rules.error());
  if (auto mining = mining_rules::compile(*dispatch); !mining) return tl::unexpected(mining.error());
  return loaded_configuration{
      std::move(v), std::make_shared<const config::dispatch_config>(std::move(*dispatch)), *rules};
}

std::uint64_t file_hash_of(std::string_view text) {
  return fnv1a(text);
}

config::checked<configuration_start> choose_start(std::string file_text, std::string file_name,
                                                  const std::optional<config_version>& last,
                                                  timestamp now, const std::string& folder) {
  const auto hash = file_hash_of(file_text);
  configuration_start out;
  if (last && last->file_hash == hash && !last->text.empty()) {
    if (auto kept = load_configuration(*last, folder)) {
      out.use = std::move(*kept);
      if (last->text != file_text) {
        out.remark = "version " + std::to_string(last->version) + " goes on, applied by " +
                     last->by + "; the file is older and has not changed since";
      }
      return out;
    }
    out.remark =
        "version " + std::to_string(last->version) + " cannot be read any more: the file is taken";
  }
  config_version v;
  v.version = last ? last->version + 1 : 1;
  v.at = now;
  v.by = "file";
  v.comment = last ? "the file has changed" : "the first start";
  v.file = std::move(file_name);
  v.text = std::move(file_text);
  v.file_hash = hash;
  auto loaded = load_configuration(std::move(v), folder);
  if (!loaded) return tl::unexpected(loaded.error());
  out.use = std::move(*loaded);
  out.fresh = true;
  if (last && out.remark.empty()) {
    out.remark =
        "the file has changed since version " + std::to_string(last->version) + ", and is taken";
  }
  return out;
}

}  // namespace switchboard
