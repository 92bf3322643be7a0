#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/cel/activation.hpp"
#include "runtime/cel/environment.hpp"

namespace switchboard::cel::testing {

/// The names a dispatch condition sees, in small.
inline environment sample_environment() {
  environment names;
  names.add_variable(
      "request",
      type::structure("request", {{"channel", type::string()},
                                  {"intent", type::string()},
                                  {"attributes", type::map(type::string(), type::dyn())}}));
  names.add_variable("member", type::structure("member", {{"id", type::string()},
                                                          {"level", type::integer()},
                                                          {"since", type::timestamp()},
                                                          {"name", type::string().nullable()}}));
  names.add_variable("tags", type::list(type::string()));
  names.add_variable("now", type::timestamp());
  names.add_function(
      {"queue", {type::string()}, type::structure("queue", {{"online", type::integer()}}), 10});
  return names;
}

/// Answers as a host of conditions does, and counts what it is asked.
class sample_bindings : public bindings {
 public:
  sample_bindings() {
    bind("request", value::record({{"channel", value::string("web")},
                                   {"intent", value::string("refund")},
                                   {"attributes", value::record({{"urgent", value::boolean(true)},
                                                                 {"amount", value::real(3)}})}}));
    bind("member", value::record({{"id", value::string("m1")},
                                  {"level", value::integer(4)},
                                  {"since", value::timestamp({1'600'000'000, 0})},
                                  {"name", value{}}}));
    bind("tags", value::list({value::string("vip"), value::string("dispute")}));
    bind("now", value::timestamp({1'700'000'000, 0}));
  }

  std::optional<value> find(std::string_view name) const override {
    ++lookups;
    return bindings::find(name);
  }

  value call(std::string_view function, std::span<const value> arguments) const override {
    calls.emplace_back(std::string{function} + ' ' + std::string{arguments[0].as_text()});
    if (arguments[0].as_text() == "broken") return value::error(fault_code::host, "no such group");
    return value::record({{"online", value::integer(arguments[0].as_text() == "vip" ? 0 : 3)}});
  }

  mutable std::size_t lookups = 0;
  mutable std::vector<std::string> calls;
};

}  // namespace switchboard::cel::testing
