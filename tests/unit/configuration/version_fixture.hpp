#pragma once

#include <stdexcept>
#include <string>

#include "actors/configuration/loaded_configuration.hpp"
#include "config/dispatch_loader.hpp"

namespace switchboard::configuration_testing {

inline config::dispatch_config parsed(const std::string& yaml) {
  auto made = config::parse_dispatch(yaml, "d.yaml");
  if (!made) throw std::runtime_error(config::to_string(made.error()));
  return std::move(*made);
}

/// Read, not compiled.
inline loaded_configuration read_only(const std::string& yaml) {
  config_version v;
  v.text = yaml;
  return {std::move(v), std::make_shared<const config::dispatch_config>(parsed(yaml)), nullptr,
          nullptr};
}

inline loaded_configuration loaded(const std::string& yaml, int version = 1) {
  config_version v;
  v.version = version;
  v.file = "d.yaml";
  v.text = yaml;
  auto made = load_configuration(std::move(v));
  if (!made) throw std::runtime_error(config::to_string(made.error()));
  return std::move(*made);
}

/// Groups a, b and c, nobody in them; `rules` begin on line 2, one a line.
inline std::string deployment_with(const std::string& rules) {
  return "groups: [{id: a}, {id: b}, {id: c}]\nrules:\n" + rules;
}

}  // namespace switchboard::configuration_testing
