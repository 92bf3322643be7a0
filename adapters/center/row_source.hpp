#pragma once

#include <functional>
#include <istream>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "adapters/center/import_report.hpp"

namespace switchboard::center {

/// `text` as JSON; nothing for what is none, and for what nests deeper than any record does
/// (nlohmann's values are copied by recursion, so that depth is stack).
std::optional<nlohmann::json> json_of(std::string_view text);

/// Called for each row with its line; returns false to stop.
using row_visitor = std::function<bool(const nlohmann::json& row, int line)>;

/// Reads rows as JSON objects, one at a time, whatever the format. CSV: the first record names the
/// columns, an empty field is left out, `a.b` becomes {a: {b: ...}}, and all values are text. JSON
/// Lines: one object a line. What cannot be read is reported and skipped; after broken CSV nothing
/// more is read. A file in another encoding than UTF-8, or with other separators than commas, is
/// one mistake, said once.
void read_rows(std::istream& in, import_format format, import_errors& errors,
               const row_visitor& visit);

}  // namespace switchboard::center
