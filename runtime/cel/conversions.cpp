#include <cmath>
#include <limits>

#include "runtime/cel/functions.hpp"
#include "runtime/cel/number_text.hpp"
#include "runtime/cel/time_text.hpp"
#include "runtime/cel/utf8.hpp"

namespace switchboard::cel {

namespace {

using arguments = std::span<const value>;

value out_of_range(std::string_view wanted) {
  return value::error(fault_code::out_of_range, "out of range of " + std::string{wanted});
}

value not_convertible(const value& from, std::string_view wanted) {
  return value::error(fault_code::bad_conversion,
                      from.to_string(80) + " is no " + std::string{wanted});
}

template <class Parsed, class Make>
value parsed(const value& text, std::string_view wanted, const Parsed& result, Make make) {
  return result ? make(*result) : not_convertible(text, wanted);
}

value same(arguments a, budget&) {
  return a[0];
}
value type_of(arguments a, budget&) {
  return value::type(a[0].which());
}

value int_of_uint(arguments a, budget&) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (a[0].as_uint() > most) return out_of_range("int");
  return value::integer(static_cast<std::int64_t>(a[0].as_uint()));
}

// The ends are excluded because doubles near them stand for integers on either side.
value int_of_double(arguments a, budget&) {
  const double d = a[0].as_double();
  if (!(d > -two_63 && d < two_63)) return out_of_range("int");
  return value::integer(static_cast<std::int64_t>(d));
}

value int_of_string(arguments a, budget&) {
  return parsed(a[0], "int", parse_int(a[0].as_text()), &value::integer);
}

value int_of_timestamp(arguments a, budget&) {
  return value::integer(a[0].as_timestamp().seconds);
}

value uint_of_int(arguments a, budget&) {
  if (a[0].as_int() < 0) return out_of_range("uint");
  return value::unsigned_integer(static_cast<std::uint64_t>(a[0].as_int()));
}

value uint_of_double(arguments a, budget&) {
  const double d = a[0].as_double();
  if (!(d >= 0 && d < two_64)) return out_of_range("uint");
  return value::unsigned_integer(static_cast<std::uint64_t>(d));
}

value uint_of_string(arguments a, budget&) {
  return parsed(a[0], "uint", parse_uint(a[0].as_text()), &value::unsigned_integer);
}

value double_of_int(arguments a, budget&) {
  return value::real(static_cast<double>(a[0].as_int()));
}
value double_of_uint(arguments a, budget&) {
  return value::real(static_cast<double>(a[0].as_uint()));
}
value double_of_string(arguments a, budget& cost) {
  cost.charge_bytes(a[0].as_text().size());
  return parsed(a[0], "double", parse_double(a[0].as_text()), &value::real);
}

value bool_of_string(arguments a, budget&) {
  const auto t = a[0].as_text();
  if (t == "1" || t == "t" || t == "T" || t == "true" || t == "TRUE" || t == "True")
    return value::boolean(true);
  if (t == "0" || t == "f" || t == "F" || t == "false" || t == "FALSE" || t == "False")
    return value::boolean(false);
  return not_convertible(a[0], "bool");
}

value bytes_of_string(arguments a, budget& cost) {
  if (!cost.charge_bytes(a[0].as_text().size())) return {};
  return value::bytes(std::string{a[0].as_text()});
}

value string_of_bytes(arguments a, budget& cost) {
  if (!cost.charge_bytes(a[0].as_text().size())) return {};
  if (!is_valid_utf8(a[0].as_text()))
    return value::error(fault_code::bad_conversion, "the bytes are no valid UTF-8");
  return value::string(std::string{a[0].as_text()});
}

value string_of_bool(arguments a, budget&) {
  return value::string(a[0].as_bool() ? "true" : "false");
}
value string_of_int(arguments a, budget&) {
  return value::string(std::to_string(a[0].as_int()));
}
value string_of_uint(arguments a, budget&) {
  return value::string(std::to_string(a[0].as_uint()));
}
value string_of_double(arguments a, budget&) {
  return value::string(format_double(a[0].as_double()));
}
value string_of_timestamp(arguments a, budget&) {
  return value::string(format_timestamp(a[0].as_timestamp()));
}
value string_of_duration(arguments a, budget&) {
  return value::string(format_duration(a[0].as_duration()));
}

value timestamp_of_string(arguments a, budget&) {
  return parsed(a[0], "timestamp", parse_timestamp(a[0].as_text()), &value::timestamp);
}
value timestamp_of_int(arguments a, budget&) {
  if (a[0].as_int() < first_second || a[0].as_int() > last_second) return out_of_range("timestamp");
  return value::timestamp({a[0].as_int(), 0});
}
value duration_of_string(arguments a, budget& cost) {
  cost.charge_bytes(a[0].as_text().size());
  return parsed(a[0], "duration", parse_duration(a[0].as_text()), &value::duration);
}

}  // namespace

void add_conversions(catalogue& all) {
  const auto add = [&](kind result, kind parameter, builtin run) {
    auto name = name_of(result);
    if (result == kind::timestamp) name = "timestamp";
    if (result == kind::duration) name = "duration";
    all.add(name, catalogue::style::function, {type::of(parameter)}, type::of(result), run);
  };
  for (const auto k : {kind::boolean, kind::integer, kind::unsigned_integer, kind::real,
                       kind::string, kind::bytes, kind::timestamp, kind::duration})
    add(k, k, same);
  add(kind::integer, kind::unsigned_integer, int_of_uint);
  add(kind::integer, kind::real, int_of_double);
  add(kind::integer, kind::string, int_of_string);
  add(kind::integer, kind::timestamp, int_of_timestamp);
  add(kind::unsigned_integer, kind::integer, uint_of_int);
  add(kind::unsigned_integer, kind::real, uint_of_double);
  add(kind::unsigned_integer, kind::string, uint_of_string);
  add(kind::real, kind::integer, double_of_int);
  add(kind::real, kind::unsigned_integer, double_of_uint);
  add(kind::real, kind::string, double_of_string);
  add(kind::boolean, kind::string, bool_of_string);
  add(kind::bytes, kind::string, bytes_of_string);
  add(kind::string, kind::bytes, string_of_bytes);
  add(kind::string, kind::boolean, string_of_bool);
  add(kind::string, kind::integer, string_of_int);
  add(kind::string, kind::unsigned_integer, string_of_uint);
  add(kind::string, kind::real, string_of_double);
  add(kind::string, kind::timestamp, string_of_timestamp);
  add(kind::string, kind::duration, string_of_duration);
  add(kind::timestamp, kind::string, timestamp_of_string);
  add(kind::timestamp, kind::integer, timestamp_of_int);
  add(kind::duration, kind::string, duration_of_string);
  all.add("dyn", catalogue::style::function, {type::dyn()}, type::dyn(), same);
  all.add("type", catalogue::style::function, {type::dyn()}, type::of(kind::type), type_of);
}

}  // namespace switchboard::cel
