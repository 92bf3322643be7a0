#include "runtime/cel/text_functions.hpp"

#include <re2/re2.h>

#include "runtime/cel/functions.hpp"
#include "runtime/cel/limits.hpp"
#include "runtime/cel/utf8.hpp"

namespace switchboard::cel {

namespace {

using arguments = std::span<const value>;

value size_of_string(arguments a, budget& cost) {
  cost.charge_bytes(a[0].as_text().size());
  return value::integer(static_cast<std::int64_t>(count_code_points(a[0].as_text())));
}
value size_of_bytes(arguments a, budget&) {
  return value::integer(static_cast<std::int64_t>(a[0].as_text().size()));
}
value size_of_list(arguments a, budget&) {
  return value::integer(static_cast<std::int64_t>(a[0].as_list().size()));
}
value size_of_map(arguments a, budget&) {
  return value::integer(static_cast<std::int64_t>(a[0].map_size()));
}

// The standard search may compare every position with the whole of what is sought.
value contains(arguments a, budget& cost) {
  const auto text = a[0].as_text();
  const auto sought = a[1].as_text();
  if (!cost.charge(1 + text.size() / 16 * (1 + sought.size() / 16))) return {};
  return value::boolean(text.find(sought) != std::string_view::npos);
}
value starts_with(arguments a, budget& cost) {
  cost.charge_bytes(a[1].as_text().size());
  return value::boolean(a[0].as_text().starts_with(a[1].as_text()));
}
value ends_with(arguments a, budget& cost) {
  cost.charge_bytes(a[1].as_text().size());
  return value::boolean(a[0].as_text().ends_with(a[1].as_text()));
}

value matches(arguments a, budget& cost) {
  const auto pattern = a[1].as_text();
  if (pattern.size() > limits::regex_bytes)
    return value::error(fault_code::bad_argument, "the regular expression is too long");
  // Compiling is worth far more than a unit; a pattern that is a literal is compiled only once.
  if (!cost.charge(1000 + pattern.size() * 4)) return {};
  const auto regex = make_regex(pattern);
  if (!regex->ok())
    return value::error(fault_code::bad_argument, "bad regular expression: " + regex->error());
  return search(*regex, a[0].as_text(), cost);
}

}  // namespace

std::unique_ptr<RE2> make_regex(std::string_view pattern) {
  RE2::Options options{RE2::Quiet};
  options.set_max_mem(limits::regex_memory);
  return std::make_unique<RE2>(re2::StringPiece{pattern.data(), pattern.size()}, options);
}

value search(const RE2& regex, std::string_view text, budget& cost) {
  if (!cost.charge(2 + text.size() * (16 + regex.pattern().size()) / 256)) return {};
  return value::boolean(RE2::PartialMatch(re2::StringPiece{text.data(), text.size()}, regex));
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto c = front_code_point(text);
    text.remove_prefix(c.size);
    switch (c.code) {
      case '\a':
        out += "\\a";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '"':
        out += "\\\"";
        break;
      default:
        append_utf8(out, c.code);
    }
  }
  return out + '"';
}

void add_text_functions(catalogue& all) {
  const auto s = type::string();
  using style = catalogue::style;
  all.add("size", style::both, {s}, type::integer(), size_of_string);
  all.add("size", style::both, {type::of(kind::bytes)}, type::integer(), size_of_bytes);
  all.add("size", style::both, {type::of(kind::list)}, type::integer(), size_of_list);
  all.add("size", style::both, {type::of(kind::map)}, type::integer(), size_of_map);
  all.add("contains", style::method, {s, s}, type::boolean(), contains);
  all.add("startsWith", style::method, {s, s}, type::boolean(), starts_with);
  all.add("endsWith", style::method, {s, s}, type::boolean(), ends_with);
  all.add("matches", style::both, {s, s}, type::boolean(), matches);
}

}  // namespace switchboard::cel
