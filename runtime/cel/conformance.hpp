#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include "runtime/cel/value.hpp"

namespace switchboard::cel {

/// Values as the conformance cases write them: `{"int":"1"}`, `{"list":[...]}`,
/// `{"map":[[key,value],...]}`, `{"timestamp":{"seconds","nanos"}}`, ...
/// The error says what was expected instead.
tl::expected<value, std::string> from_json(const nlohmann::json& typed);
/// The same the other way. A value nested beyond any sense is cut off with null.
nlohmann::json to_json(const value& v);

/// Runs cases, one JSON object a line: `{file, section, name, expr, bindings?, container?,
/// unchecked?, value | error}`. Prints each failure and closes with `N passed, M failed`.
/// Answers 0 when there were cases and all passed, else 1.
int run_conformance(std::istream& cases, std::ostream& report);

}  // namespace switchboard::cel
