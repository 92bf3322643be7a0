#include "runtime/cel/environment.hpp"

#include <algorithm>

namespace switchboard::cel {

environment& environment::add_variable(std::string name, cel::type t) {
  variables_.push_back({std::move(name), std::move(t)});
  return *this;
}

environment& environment::add_function(function f) {
  functions_.push_back(std::move(f));
  return *this;
}

environment& environment::in_container(std::string name) {
  container_ = std::move(name);
  return *this;
}

environment& environment::without_checks() {
  checks_ = false;
  return *this;
}

const environment::variable* environment::find_variable(std::string_view name) const {
  const auto at = std::find_if(variables_.begin(), variables_.end(),
                               [&](const variable& v) { return v.name == name; });
  return at == variables_.end() ? nullptr : &*at;
}

const environment::function* environment::find_function(std::string_view name) const {
  const auto at = std::find_if(functions_.begin(), functions_.end(),
                               [&](const function& f) { return f.name == name; });
  return at == functions_.end() ? nullptr : &*at;
}

std::vector<std::string> environment::candidates(std::string_view name, bool rooted) const {
  std::vector<std::string> all;
  if (!rooted && !container_.empty()) {
    for (std::string_view prefix = container_;;) {
      all.push_back(std::string{prefix} + '.' + std::string{name});
      const auto dot = prefix.rfind('.');
      if (dot == std::string_view::npos) break;
      prefix = prefix.substr(0, dot);
    }
  }
  all.emplace_back(name);
  return all;
}

}  // namespace switchboard::cel
