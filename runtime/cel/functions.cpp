#include "runtime/cel/functions.hpp"

#include <algorithm>

namespace switchboard::cel {

namespace {

bool accepts(const overload& o, std::span<const value> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!o.parameters[i].is_dyn() && !arguments[i].is(o.parameters[i].which())) return false;
  return true;
}

}  // namespace

value no_overload(std::string_view function, std::span<const value> arguments) {
  std::string kinds;
  for (const auto& a : arguments) {
    if (!kinds.empty()) kinds += ", ";
    kinds += name_of(a.which());
  }
  return value::error(fault_code::no_such_overload,
                      "no such overload: " + std::string{function} + '(' + kinds + ')');
}

value function_group::call(std::span<const value> arguments, budget& cost) const {
  for (const auto& o : overloads)
    if (accepts(o, arguments)) return o.run(arguments, cost);
  return no_overload(name, arguments);
}

const catalogue& catalogue::standard() {
  static const catalogue all = [] {
    catalogue c;
    add_conversions(c);
    add_text_functions(c);
    add_string_extension(c);
    add_time_functions(c);
    return c;
  }();
  return all;
}

const function_group* catalogue::find(std::string_view name, bool method,
                                      std::size_t arguments) const {
  for (const auto& g : groups_)
    if (g.method == method && g.name == name && g.overloads[0].parameters.size() == arguments)
      return &g;
  return nullptr;
}

bool catalogue::knows(std::string_view name, bool method) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [&](const function_group& g) { return g.method == method && g.name == name; });
}

std::vector<std::string> catalogue::names(bool method) const {
  std::vector<std::string> all;
  for (const auto& g : groups_)
    if (g.method == method) all.push_back(g.name);
  return all;
}

void catalogue::add(std::string_view name, style s, std::vector<type> parameters, type result,
                    builtin run) {
  for (const bool method : {false, true}) {
    if (s == (method ? style::function : style::method)) continue;
    auto at = std::find_if(groups_.begin(), groups_.end(), [&](const function_group& g) {
      return g.method == method && g.name == name &&
             g.overloads[0].parameters.size() == parameters.size();
    });
    if (at == groups_.end())
      at = groups_.insert(groups_.end(), function_group{std::string{name}, method, {}});
    at->overloads.push_back({parameters, result, run});
  }
}

}  // namespace switchboard::cel
