#include "adapters/center/row_source.hpp"

#include <algorithm>

#include "adapters/center/csv_reader.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;

constexpr std::size_t most_line_bytes = 1 << 20;
constexpr int deepest = 16;

int depth_of(std::string_view text) {
  int depth = 0, most = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      most = std::max(most, ++depth);
    } else if (!in_text && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return most;
}

/// What is wrong with the file as a whole is said once, and nothing more is read.
constexpr const char* utf_16 =
    "the file is UTF-16, expected UTF-8: save it as \"CSV UTF-8\", or convert it (iconv -f UTF-16 "
    "-t UTF-8)";
constexpr const char* other_encoding =
    ", expected UTF-8; where it is GBK: save it as \"CSV UTF-8\", or convert it (iconv -f GB18030 "
    "-t UTF-8)";

/// By what no UTF-8 begins with: one half of the mark that UTF-16 begins with.
bool begins_as_utf_16(std::istream& in) {
  auto first = in.rdbuf()->sgetc();
  return first == 0xff || first == 0xfe;
}

bool holds_zero(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

/// What separates the columns where it is no comma; empty where there is no telling.
std::string_view other_separator(const std::vector<std::string>& columns) {
  if (columns.size() != 1) return {};
  for (std::string_view s : {";", "\t", "；", "，", "|"}) {
    if (columns.front().find(s) != std::string::npos) return s;
  }
  return {};
}

/// Why no row of the file can be right, though each would be wrong in its own way.
std::string wrong_as_a_whole(const std::vector<std::string>& columns) {
  if (std::any_of(columns.begin(), columns.end(), holds_zero)) return utf_16;
  if (!std::all_of(columns.begin(), columns.end(), [](auto& c) { return valid_utf8(c); }))
    return std::string("the column names are not UTF-8") + other_encoding;
  if (auto s = other_separator(columns); !s.empty()) {
    return "the columns are separated by " + (s == "\t" ? "tabs" : "\"" + std::string(s) + "\"") +
           ", expected \",\": save it as comma-separated values";
  }
  return {};
}

bool read_header(const std::vector<std::string>& columns, int line, import_errors& errors) {
  bool good = true;
  for (auto at = columns.begin(); at != columns.end(); ++at) {
    if (at->empty()) {
      errors.add(line, {}, "a column without a name");
      good = false;
    } else if (std::find(columns.begin(), at, *at) != at) {
      errors.add(line, *at, "a second column of this name");
      good = false;
    }
  }
  return good;
}

/// Puts a field where its column's dotted name says.
bool place(json& row, std::string_view column, const std::string& field) {
  auto dot = column.find('.');
  if (dot == std::string_view::npos) {
    auto [at, fresh] = row.emplace(std::string(column), field);
    return fresh;
  }
  auto& inner = row[std::string(column.substr(0, dot))];
  if (!inner.is_null() && !inner.is_object()) return false;
  if (inner.is_null()) inner = json::object();
  return place(inner, column.substr(dot + 1), field);
}

bool row_of(const std::vector<std::string>& columns, const std::vector<std::string>& fields,
            int line, import_errors& errors, json& row) {
  if (fields.size() != columns.size()) {
    errors.add(line, {},
               "expected " + std::to_string(columns.size()) + " fields, found " +
                   std::to_string(fields.size()));
    return false;
  }
  row = json::object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].empty()) continue;
    if (!place(row, columns[i], fields[i])) {
      errors.add(line, columns[i], "is both a value and a group of values");
      return false;
    }
  }
  return true;
}

void read_csv(std::istream& in, import_errors& errors, const row_visitor& visit) {
  csv_reader reader(in);
  std::vector<std::string> columns, fields;
  auto outcome = reader.next(columns);
  if (outcome == csv_reader::outcome::end) return errors.add(1, {}, "no line with column names");
  const int header = reader.line();
  if (auto why = wrong_as_a_whole(columns); !why.empty()) return errors.add(header, {}, why);
  if (outcome == csv_reader::outcome::record && !read_header(columns, header, errors)) return;
  while (outcome == csv_reader::outcome::record) {
    outcome = reader.next(fields);
    if (!std::all_of(fields.begin(), fields.end(), [](auto& f) { return valid_utf8(f); }))
      return errors.add(header, {},
                        "line " + std::to_string(reader.line()) + " is not UTF-8" + other_encoding);
    json row;
    if (outcome == csv_reader::outcome::record &&
        row_of(columns, fields, reader.line(), errors, row) && !visit(row, reader.line())) {
      return;
    }
  }
  if (outcome == csv_reader::outcome::broken) errors.add(reader.line(), {}, reader.problem());
}

/// Reads up to the line's end; false at the end of input. A longer line is cut, so that memory
/// stays bounded.
bool take_line(std::istream& in, std::string& line) {
  line.clear();
  auto* bytes = in.rdbuf();
  int c = bytes->sbumpc();
  if (c == std::char_traits<char>::eof()) return false;
  for (; c != '\n' && c != std::char_traits<char>::eof(); c = bytes->sbumpc()) {
    if (line.size() <= most_line_bytes) line += static_cast<char>(c);
  }
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

/// The line as an object, or why it is none.
std::string parse_line(const std::string& text, json& row) {
  if (text.size() > most_line_bytes) return "a line longer than 1 MiB";
  auto parsed = json_of(text);
  if (!parsed) return "not JSON, or nested too deeply";
  row = std::move(*parsed);
  return row.is_object() ? "" : "expected a JSON object";
}

void read_jsonl(std::istream& in, import_errors& errors, const row_visitor& visit) {
  std::string text;
  for (int line = 1; take_line(in, text); ++line) {
    if (line == 1 && text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    if (text.find_first_not_of(" \t") == std::string::npos) continue;
    if (holds_zero(text)) return errors.add(line, {}, utf_16);
    if (text.size() <= most_line_bytes && !valid_utf8(text))
      return errors.add(line, {}, std::string("not UTF-8") + other_encoding);
    json row;
    if (auto why = parse_line(text, row); !why.empty()) {
      errors.add(line, {}, why);
    } else if (!visit(row, line)) {
      return;
    }
  }
}

}  // namespace

std::optional<json> json_of(std::string_view text) {
  if (depth_of(text) > deepest) return {};
  auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return {};
  return parsed;
}

void read_rows(std::istream& in, import_format format, import_errors& errors,
               const row_visitor& visit) {
  if (begins_as_utf_16(in)) return errors.add(1, {}, utf_16);
  format == import_format::csv ? read_csv(in, errors, visit) : read_jsonl(in, errors, visit);
  if (in.bad()) errors.add(0, {}, "reading failed");
}

}  // namespace switchboard::center
