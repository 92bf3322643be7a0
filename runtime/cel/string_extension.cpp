#include <algorithm>

#include "runtime/cel/functions.hpp"
#include "runtime/cel/text_functions.hpp"
#include "runtime/cel/utf8.hpp"

// The string functions of cel-go's extension "strings"; positions count code points.
namespace switchboard::cel {

namespace {

using arguments = std::span<const value>;
constexpr auto npos = std::string_view::npos;

value out_of_range(std::int64_t index) {
  return value::error(fault_code::out_of_range, "index out of range: " + std::to_string(index));
}

/// The byte offset of a position, npos when the text has none such.
std::size_t byte_offset(std::string_view text, std::int64_t index) {
  return index < 0 ? npos : offset_of(text, static_cast<std::size_t>(index));
}

value position_of(std::string_view text, std::size_t offset) {
  if (offset == npos) return value::integer(-1);
  return value::integer(static_cast<std::int64_t>(count_code_points(text.substr(0, offset))));
}

bool charge_search(std::string_view text, std::string_view sought, budget& cost) {
  return cost.charge(1 + text.size() / 16 * (1 + sought.size() / 16));
}

value char_at(arguments a, budget& cost) {
  const auto text = a[0].as_text();
  if (!cost.charge_bytes(text.size())) return {};
  const auto at = byte_offset(text, a[1].as_int());
  if (at == npos) return out_of_range(a[1].as_int());
  if (at == text.size()) return value::string({});
  return value::string(std::string{text.substr(at, front_code_point(text.substr(at)).size)});
}

value index_of(arguments a, budget& cost) {
  const auto text = a[0].as_text();
  if (!charge_search(text, a[1].as_text(), cost)) return {};
  const auto from = a.size() > 2 ? byte_offset(text, a[2].as_int()) : 0;
  if (from == npos) return out_of_range(a[2].as_int());
  return position_of(text, text.find(a[1].as_text(), from));
}

value last_index_of(arguments a, budget& cost) {
  const auto text = a[0].as_text();
  if (!charge_search(text, a[1].as_text(), cost)) return {};
  const auto from = a.size() > 2 ? byte_offset(text, a[2].as_int()) : text.size();
  if (from == npos) return out_of_range(a[2].as_int());
  return position_of(text, text.rfind(a[1].as_text(), from));
}

value join(arguments a, budget& cost) {
  const auto between = a.size() > 1 ? a[1].as_text() : std::string_view{};
  std::string out;
  bool first = true;
  for (const auto& item : a[0].as_list()) {
    if (!item.is(kind::string)) return no_overload("join", a);
    if (!cost.charge_bytes(item.as_text().size() + between.size())) return {};
    if (!first) out += between;
    first = false;
    out += item.as_text();
  }
  return value::string(std::move(out));
}

value replace(arguments a, budget& cost) {
  auto text = a[0].as_text();
  const auto sought = a[1].as_text();
  const auto with = a[2].as_text();
  auto left =
      a.size() > 3 && a[3].as_int() >= 0 ? a[3].as_int() : std::numeric_limits<std::int64_t>::max();
  if (!charge_search(text, sought, cost)) return {};
  std::string out;
  // Nothing stands before every character and at the end.
  for (bool more = true; more && left > 0; --left) {
    const auto at = text.find(sought);
    if (at == npos) break;
    const auto kept = sought.empty() ? std::size_t{0} : at;
    if (!cost.charge_bytes(kept + with.size())) return {};
    out += text.substr(0, kept);
    out += with;
    text.remove_prefix(kept + sought.size());
    if (!sought.empty()) continue;
    more = !text.empty();
    if (!more) break;
    const auto size = front_code_point(text).size;
    out += text.substr(0, size);
    text.remove_prefix(size);
  }
  if (!cost.charge_bytes(text.size())) return {};
  return value::string(out += text);
}

value split(arguments a, budget& cost) {
  auto text = a[0].as_text();
  const auto between = a[1].as_text();
  const auto limit = a.size() > 2 && a[2].as_int() >= 0 ? static_cast<std::size_t>(a[2].as_int())
                                                        : std::numeric_limits<std::size_t>::max();
  std::vector<value> out;
  if (!charge_search(text, between, cost)) return {};
  if (limit == 0 || (between.empty() && text.empty())) return value::list({});
  while (out.size() + 1 < limit) {
    auto at = text.find(between);
    if (between.empty()) at = front_code_point(text).size;
    if (at == npos || at >= text.size() + (between.empty() ? 0 : 1)) break;
    if (!cost.charge_bytes(16 + at)) return {};
    out.push_back(value::string(std::string{text.substr(0, at)}));
    text.remove_prefix(at + between.size());
  }
  if (!cost.charge_bytes(16 + text.size())) return {};
  out.push_back(value::string(std::string{text}));
  return value::list(std::move(out));
}

value substring(arguments a, budget& cost) {
  const auto text = a[0].as_text();
  if (!cost.charge_bytes(text.size())) return {};
  const auto begin = byte_offset(text, a[1].as_int());
  if (begin == npos) return out_of_range(a[1].as_int());
  const auto end = a.size() > 2 ? byte_offset(text, a[2].as_int()) : text.size();
  if (end == npos) return out_of_range(a[2].as_int());
  if (end < begin)
    return value::error(fault_code::out_of_range, "invalid substring range: start " +
                                                      std::to_string(a[1].as_int()) + ", end " +
                                                      std::to_string(a[2].as_int()));
  return value::string(std::string{text.substr(begin, end - begin)});
}

value trim(arguments a, budget& cost) {
  auto text = a[0].as_text();
  if (!cost.charge_bytes(text.size())) return {};
  while (!text.empty() && is_white_space(front_code_point(text).code))
    text.remove_prefix(front_code_point(text).size);
  while (!text.empty()) {
    auto last = text.size() - 1;
    while (last > 0 && (text[last] & 0xC0) == 0x80) --last;
    if (!is_white_space(front_code_point(text.substr(last)).code)) break;
    text = text.substr(0, last);
  }
  return value::string(std::string{text});
}

template <char From, char To> value shift_ascii(arguments a, budget& cost) {
  if (!cost.charge_bytes(a[0].as_text().size())) return {};
  std::string out{a[0].as_text()};
  for (auto& c : out)
    if (c >= From && c <= From + 25) c = static_cast<char>(c - From + To);
  return value::string(std::move(out));
}

value reverse(arguments a, budget& cost) {
  auto text = a[0].as_text();
  if (!cost.charge_bytes(text.size())) return {};
  std::string out(text.size(), '\0');
  for (auto end = out.size(); !text.empty();) {
    const auto size = front_code_point(text).size;
    end -= size;
    std::copy_n(text.begin(), size, out.begin() + static_cast<std::ptrdiff_t>(end));
    text.remove_prefix(size);
  }
  return value::string(std::move(out));
}

value quote(arguments a, budget& cost) {
  if (!cost.charge_bytes(a[0].as_text().size() * 3)) return {};
  return value::string(quoted(a[0].as_text()));
}

value format_list(arguments a, budget& cost) {
  return format(a[0].as_text(), a[1].as_list(), cost);
}

}  // namespace

void add_string_extension(catalogue& all) {
  const auto s = type::string();
  const auto i = type::integer();
  const auto strings = type::list(s);
  const auto method = [&](std::string_view name, std::vector<type> parameters, type result,
                          builtin run) {
    all.add(name, catalogue::style::method, std::move(parameters), std::move(result), run);
  };
  method("charAt", {s, i}, s, char_at);
  method("indexOf", {s, s}, i, index_of);
  method("indexOf", {s, s, i}, i, index_of);
  method("lastIndexOf", {s, s}, i, last_index_of);
  method("lastIndexOf", {s, s, i}, i, last_index_of);
  method("join", {strings}, s, join);
  method("join", {strings, s}, s, join);
  method("lowerAscii", {s}, s, shift_ascii<'A', 'a'>);
  method("upperAscii", {s}, s, shift_ascii<'a', 'A'>);
  method("replace", {s, s, s}, s, replace);
  method("replace", {s, s, s, i}, s, replace);
  method("split", {s, s}, strings, split);
  method("split", {s, s, i}, strings, split);
  method("substring", {s, i}, s, substring);
  method("substring", {s, i, i}, s, substring);
  method("trim", {s}, s, trim);
  method("reverse", {s}, s, reverse);
  method("format", {s, type::of(kind::list)}, s, format_list);
  all.add("strings.quote", catalogue::style::function, {s}, s, quote);
}

}  // namespace switchboard::cel
