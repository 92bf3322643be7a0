#include <fstream>
#include <string>

#include "actors/mining/mining_rules.hpp"
#include "actors/router/routing_rules.hpp"
#include "adapters/center_http/http_plan.hpp"
#include "config/dispatch_loader.hpp"
#include "config/options_loader.hpp"
#include "tools/switchboardctl/offline_commands.hpp"

namespace switchboard::ctl {
namespace {

/// A dispatch file has groups or rules at its top, an options file never.
bool is_dispatch_file(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("groups:") || line.starts_with("rules:")) return true;
  }
  return false;
}

tl::unexpected<failure> invalid(const std::string& path, const config::config_errors& errors) {
  json details;
  for (auto& e : errors) details["errors"].push_back(config::to_string(e));
  auto count = std::to_string(errors.size()) + (errors.size() == 1 ? " error" : " errors");
  return tl::unexpected(
      failure{exit_code::failed, "invalid_argument", path + ": " + count, std::move(details), {}});
}

}  // namespace

outcome check_config(const std::string& path) {
  auto dispatch_path = path;
  if (!is_dispatch_file(path)) {
    auto options = config::load_options(path);
    if (!options) return invalid(path, options.error());
    if (auto centers = center::plan_http_centers(*options); !centers) {
      return invalid(path, centers.error());
    }
    dispatch_path = options->dispatch;
  }
  auto dispatch = config::load_dispatch(dispatch_path);
  if (!dispatch) return invalid(dispatch_path, dispatch.error());
  if (auto rules = compile_routing(*dispatch, 1); !rules)
    return invalid(dispatch_path, rules.error());
  if (auto mining = mining_rules::compile(*dispatch); !mining)
    return invalid(dispatch_path, mining.error());
  report out;
  out.data = {{"dispatch", dispatch_path},
              {"groups", dispatch->groups.size()},
              {"agents", dispatch->agents.size()},
              {"channels", dispatch->channels.size()},
              {"rules", dispatch->rules.size()}};
  out.text = path + ": valid (" + std::to_string(dispatch->groups.size()) + " groups, " +
             std::to_string(dispatch->agents.size()) + " agents, " +
             std::to_string(dispatch->channels.size()) + " channels, " +
             std::to_string(dispatch->rules.size()) + " rules)\n";
  return out;
}

}  // namespace switchboard::ctl
