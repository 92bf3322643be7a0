#pragma once

#include <stdexcept>
#include <string>

#include "config/dispatch_loader.hpp"
#include "tools/whatif/model_loader.hpp"
#include "tools/whatif/model_run.hpp"

namespace switchboard::whatif_testing {

inline config::dispatch_config dispatch_of(const std::string& yaml) {
  auto loaded = config::parse_dispatch(yaml);
  if (!loaded) throw std::runtime_error(config::to_string(loaded.error()));
  return std::move(*loaded);
}

/// Two agents of one place in one group.
inline const std::string small_deployment =
    "groups: [{id: g}]\n"
    "channels: [{id: app}, {id: phone, kind: voice}]\n"
    "agents:\n"
    "  - {id: a, groups: [g], capacity: 1}\n"
    "  - {id: b, groups: [g], capacity: 1}\n"
    "rules: [{name: everyone, steps: [{group: g}]}]\n";

inline whatif::deployment_model model_of(const std::string& model,
                                         const std::string& dispatch = small_deployment) {
  const auto given = dispatch_of(dispatch);
  auto made = whatif::parse_model(model, "model.yaml", "", &given);
  if (!made) throw std::runtime_error(config::to_string(made.error()));
  return std::move(*made);
}

inline std::string errors_of(const std::string& model,
                             const std::string& dispatch = small_deployment) {
  const auto given = dispatch_of(dispatch);
  auto made = whatif::parse_model(model, "model.yaml", "", &given);
  return made ? std::string() : config::to_string(made.error());
}

/// A model of arrivals as listed, {second, handle seconds} each, of one class "r" that waits for
/// ever; `of_class` and `of_model` add keys.
inline whatif::deployment_model recorded(const std::string& dispatch,
                                         const std::vector<std::pair<int, int>>& arrivals,
                                         const std::string& of_class = "",
                                         const std::string& of_model = "") {
  auto m = model_of(
      "length: 2h\n" + of_model + "requests: [{name: r, handle: 60s" + of_class + "}]\n", dispatch);
  for (const auto& [at, handle] : arrivals) {
    m.recorded.push_back({at * 1000ll, 0, handle * 1000.0, -1});
  }
  return m;
}

struct outcome {
  std::vector<int> waits;  // in seconds, by the order of arrival; -1: not accepted
  whatif::run_result result;
};

inline outcome play(const whatif::deployment_model& m) {
  outcome out;
  out.waits.assign(m.recorded.size(), -1);
  whatif::run_options o;
  o.accepted = [&](std::uint64_t number, std::int64_t wait) {
    out.waits.at(number) = static_cast<int>(wait / 1000);
  };
  out.result = whatif::run_model(m, o);
  return out;
}

}  // namespace switchboard::whatif_testing
