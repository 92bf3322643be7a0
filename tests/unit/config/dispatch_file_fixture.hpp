#pragma once

#include <string>

#include "config/dispatch_loader.hpp"

/// The least dispatch file, and what is wrong with a changed one.
namespace switchboard::config {

inline const std::string least_rules = "rules: [{name: all, steps: [{group: g}]}]\n";
inline const std::string least_file = "groups: [{id: g}]\n" + least_rules;

/// All errors of `text`, one per line; empty when it loads.
inline std::string errors_of(const std::string& text) {
  auto loaded = parse_dispatch(text, "d.yaml");
  return loaded ? std::string() : to_string(loaded.error());
}

/// The errors of a file whose one group has `fields` besides its id.
inline std::string errors_of_group(const std::string& fields) {
  return errors_of("groups: [{id: g, " + fields + "}]\n" + least_rules);
}

/// The errors of a file with `rules`, one rule per line from line 2 on.
inline std::string errors_of_rules(const std::string& rules) {
  return errors_of("groups: [{id: g}, {id: h}]\nrules:\n" + rules);
}

}  // namespace switchboard::config
