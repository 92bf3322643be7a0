#include "runtime/cel/conformance.hpp"

#include <bit>
#include <cmath>
#include <istream>
#include <optional>
#include <ostream>

#include <absl/strings/escaping.h>
#include <nlohmann/json.hpp>

#include "runtime/cel/number_text.hpp"
#include "runtime/cel/program.hpp"

namespace switchboard::cel {

namespace {

using nlohmann::json;
using answer = tl::expected<value, std::string>;

constexpr int deepest = 200;

tl::unexpected<std::string> wrong(std::string message) {
  return tl::make_unexpected(std::move(message));
}

template <class Parsed, class Make> answer parsed(const json& j, const Parsed& result, Make make) {
  if (!result) return wrong("no number: " + j.dump());
  return make(*result);
}

std::string text_of(const json& j) {
  return j.is_string() ? j.get<std::string>() : j.dump();
}

std::optional<kind> kind_named(std::string_view name) {
  for (auto k = kind::null; k < kind::error; k = static_cast<kind>(static_cast<int>(k) + 1))
    if (name_of(k) == name) return k;
  return std::nullopt;
}

answer seconds_and_nanos(const json& j, bool timestamp) {
  const auto part = [&](const char* name) {
    return j.contains(name) ? parse_int(text_of(j[name])) : std::optional<std::int64_t>{0};
  };
  const auto seconds = part("seconds");
  const auto nanos = part("nanos");
  if (!seconds || !nanos) return wrong("expected seconds and nanos: " + j.dump());
  if (timestamp) return value::timestamp({*seconds, static_cast<std::int32_t>(*nanos)});
  std::int64_t ns = 0;
  if (__builtin_mul_overflow(*seconds, std::int64_t{1'000'000'000}, &ns) ||
      __builtin_add_overflow(ns, *nanos, &ns))
    return wrong("the duration is out of range: " + j.dump());
  return value::duration(std::chrono::nanoseconds{ns});
}

answer value_from(const json& typed, int depth);

answer list_from(const json& j, int depth) {
  std::vector<value> items;
  for (const auto& each : j) {
    auto item = value_from(each, depth + 1);
    if (!item) return item;
    items.push_back(std::move(*item));
  }
  return value::list(std::move(items));
}

answer map_from(const json& j, int depth) {
  std::vector<value::entry> entries;
  for (const auto& each : j) {
    if (!each.is_array() || each.size() != 2) return wrong("expected [key, value]: " + each.dump());
    auto key = value_from(each[0], depth + 1);
    if (!key) return key;
    auto item = value_from(each[1], depth + 1);
    if (!item) return item;
    entries.emplace_back(std::move(*key), std::move(*item));
  }
  return value::map(std::move(entries));
}

answer value_from(const json& typed, int depth) {
  if (depth > deepest) return wrong("the value is nested too deeply");
  if (!typed.is_object() || typed.size() != 1)
    return wrong("expected an object with one member: " + typed.dump());
  const auto& name = typed.begin().key();
  const auto& j = typed.begin().value();
  if (name == "null") return value{};
  if (name == "bool" && j.is_boolean()) return value::boolean(j.get<bool>());
  if (name == "int") return parsed(j, parse_int(text_of(j)), &value::integer);
  if (name == "uint") return parsed(j, parse_uint(text_of(j)), &value::unsigned_integer);
  if (name == "double") return parsed(j, parse_double(text_of(j)), &value::real);
  if (name == "string" && j.is_string()) return value::string(j.get<std::string>());
  if (name == "bytes" && j.is_string()) {
    std::string octets;
    if (!absl::Base64Unescape(j.get<std::string>(), &octets))
      return wrong("no base64: " + j.dump());
    return value::bytes(std::move(octets));
  }
  if (name == "type" && j.is_string()) {
    const auto k = kind_named(j.get<std::string>());
    if (!k) return wrong("unknown type " + j.dump());
    return value::type(*k);
  }
  if (name == "timestamp" || name == "duration") return seconds_and_nanos(j, name == "timestamp");
  if (name == "list" && j.is_array()) return list_from(j, depth);
  if (name == "map" && j.is_array()) return map_from(j, depth);
  return wrong("expected a typed value: " + typed.dump());
}

std::string json_double(double d) {
  const auto text = format_double_plain(d);
  return std::isfinite(d) ? format_double(d) : text;
}

json json_of(const value& v, int depth) {
  if (depth > deepest) return {{"null", true}};
  switch (v.which()) {
    case kind::null:
      return {{"null", true}};
    case kind::boolean:
      return {{"bool", v.as_bool()}};
    case kind::integer:
      return {{"int", std::to_string(v.as_int())}};
    case kind::unsigned_integer:
      return {{"uint", std::to_string(v.as_uint())}};
    case kind::real:
      return {{"double", json_double(v.as_double())}};
    case kind::string:
      return {{"string", std::string{v.as_text()}}};
    case kind::bytes:
      return {{"bytes", absl::Base64Escape({v.as_text().data(), v.as_text().size()})}};
    case kind::type:
      return {{"type", std::string{name_of(v.as_type())}}};
    case kind::timestamp:
      return {{"timestamp",
               {{"seconds", std::to_string(v.as_timestamp().seconds)},
                {"nanos", std::to_string(v.as_timestamp().nanoseconds)}}}};
    case kind::duration: {
      const auto ns = v.as_duration().count();
      return {{"duration",
               {{"seconds", std::to_string(ns / 1'000'000'000)},
                {"nanos", std::to_string(ns % 1'000'000'000)}}}};
    }
    case kind::list: {
      auto items = json::array();
      for (const auto& item : v.as_list()) items.push_back(json_of(item, depth + 1));
      return {{"list", std::move(items)}};
    }
    case kind::map: {
      auto entries = json::array();
      for (const auto& [key, item] : v.map_entries())
        entries.push_back(json::array({json_of(key, depth + 1), json_of(item, depth + 1)}));
      return {{"map", std::move(entries)}};
    }
    case kind::error:
      return {{"error", std::string{v.error_message()}}};
  }
  return {};
}

// Stricter than the language's equality: the kinds have to agree all the way down, too.
bool identical(const value& a, const value& b) {
  if (a.which() != b.which()) return false;
  if (a.is(kind::real))
    return std::bit_cast<std::uint64_t>(a.as_double()) ==
               std::bit_cast<std::uint64_t>(b.as_double()) ||
           (std::isnan(a.as_double()) && std::isnan(b.as_double()));
  if (a.is(kind::list)) {
    const auto x = a.as_list();
    const auto y = b.as_list();
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), identical);
  }
  if (a.is(kind::map)) {
    if (a.map_size() != b.map_size()) return false;
    for (const auto& [key, item] : a.map_entries()) {
      const auto other = b.map_find(key);
      if (!other || !identical(item, *other)) return false;
    }
    return true;
  }
  return a == b;
}

type type_for(const value& v, bool checked) {
  if (!checked) return type::dyn();
  return v.is(kind::null) ? type::dyn() : type::of(v.which());
}

/// What is wrong with one case; empty when it passes.
std::string failure_of(const json& test) {
  environment names;
  bindings variables;
  const bool checked = !test.value("unchecked", false);
  if (!checked) names.without_checks();
  if (test.contains("container")) names.in_container(test["container"].get<std::string>());
  if (test.contains("bindings")) {
    for (const auto& [name, typed] : test["bindings"].items()) {
      auto v = from_json(typed);
      if (!v) return "binding " + name + ": " + v.error();
      names.add_variable(name, type_for(*v, checked));
      variables.bind(name, std::move(*v));
    }
  }
  const bool error_wanted = test.contains("error");
  const auto compiled = compile(test.at("expr").get<std::string>(), names);
  if (!compiled) return error_wanted && checked ? "" : compiled.error().to_string();
  const auto result = compiled->evaluate(variables);
  if (!result) return error_wanted ? "" : result.error().to_string();
  if (error_wanted) return "expected an error, found " + result->to_string(200);
  const auto wanted = from_json(test.at("value"));
  if (!wanted) return "value: " + wanted.error();
  if (identical(*wanted, *result)) return {};
  return "expected " + wanted->to_string(200) + ", found " + result->to_string(200);
}

}  // namespace

tl::expected<value, std::string> from_json(const json& typed) {
  return value_from(typed, 0);
}
json to_json(const value& v) {
  return json_of(v, 0);
}

int run_conformance(std::istream& cases, std::ostream& report) {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::string line;
  for (std::size_t number = 1; std::getline(cases, line); ++number) {
    if (line.empty()) continue;
    std::string failure;
    std::string title = "line " + std::to_string(number);
    try {
      const auto test = json::parse(line);
      title = test.value("file", "") + '/' + test.value("section", "") + '/' +
              test.value("name", "") + ": " + test.value("expr", "");
      failure = failure_of(test);
    } catch (const json::exception& e) {
      failure = e.what();
    }
    failure.empty() ? ++passed : ++failed;
    if (!failure.empty()) report << "FAILED " << title << "\n  " << failure << '\n';
  }
  report << passed << " passed, " << failed << " failed\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace switchboard::cel
