#include "actors/reception/form_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "runtime/base/text.hpp"
#include "runtime/codec/params.hpp"
#include "runtime/text/characters.hpp"
#include "runtime/text/contact_form.hpp"

namespace switchboard {
namespace {

using kind = msgpack::type::object_type;
using config::field_kind;

std::string_view text_of(const msgpack::object& o) {
  return {o.via.str.ptr, o.via.str.size};
}

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_date(std::string_view t) {
  if (t.size() != 10 || t[4] != '-' || t[7] != '-') return false;
  auto digits =
      std::string(t.substr(0, 4)) + std::string(t.substr(5, 2)) + std::string(t.substr(8, 2));
  if (!only(digits, "0123456789")) return false;
  using namespace std::chrono;
  return year_month_day{year{std::stoi(digits.substr(0, 4))},
                        month{static_cast<unsigned>(std::stoi(digits.substr(4, 2)))},
                        day{static_cast<unsigned>(std::stoi(digits.substr(6, 2)))}}
      .ok();
}

bool is_phone(std::string_view t) {
  constexpr std::size_t least = 5;
  auto form = phone_form(t);
  return form.size() >= least + (form.starts_with('+') ? 1 : 0);
}

/// Whoever fills in a form writes from outside: with a dot in the domain.
bool is_email(std::string_view t) {
  auto form = email_form(t);
  auto dot = form.find('.', form.find('@') + 2);
  return !form.empty() && dot != std::string::npos && form.back() != '.';
}

std::string number_text(double n) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", n);
  return text;
}

std::string what_is_wrong_with_number(const config::form_field& f, const msgpack::object& o) {
  bool whole = codec::whole_number(o).has_value();
  bool real = o.type == kind::FLOAT32 || o.type == kind::FLOAT64;
  if (f.kind == field_kind::integer ? !whole : !whole && !real) {
    return f.kind == field_kind::integer ? "expected a whole number" : "expected a number";
  }
  auto n = o.as<double>();
  if (!std::isfinite(n) || n < f.least || n > f.most) {
    return "expected a number from " + number_text(f.least) + " to " + number_text(f.most);
  }
  return {};
}

std::string what_is_wrong(const config::form_field& f, const msgpack::object& o) {
  if (f.kind == field_kind::number || f.kind == field_kind::integer)
    return what_is_wrong_with_number(f, o);
  if (f.kind == field_kind::flag) return o.type == kind::BOOLEAN ? "" : "expected true or false";
  if (o.type != kind::STR) return "expected text";
  auto text = text_of(o);
  if (character_count(text) > static_cast<std::size_t>(f.length))
    return "longer than " + std::to_string(f.length) + " characters";
  switch (f.kind) {
    case field_kind::choice:
      return std::ranges::find(f.choices, text) != f.choices.end() ? "" : "is none of the choices";
    case field_kind::date:
      return is_date(text) ? "" : "expected a date such as 2026-03-01";
    case field_kind::phone:
      return is_phone(text) ? "" : "expected a telephone number";
    case field_kind::email:
      return is_email(text) ? "" : "expected an e-mail address";
    default:
      return "";
  }
}

bool is_blank(const msgpack::object& o) {
  return o.type == kind::NIL || (o.type == kind::STR && o.via.str.size == 0);
}

error refusal(const config::form_config& form, std::string_view field, const std::string& what) {
  auto path = "body.values." + std::string(field);
  error e{errc::invalid_argument, path + ": " + what, path, {}, 0};
  e.rule = "forms." + form.id + "." + std::string(field);
  return e;
}

}  // namespace

std::optional<error> check_form(const config::form_config& form, const msgpack::object& values) {
  if (values.type != kind::MAP) {
    return error{errc::invalid_argument, "body.values: expected a map", "body.values", {}, 0,
                 "forms." + form.id};
  }
  std::vector<std::string> names, given;
  for (auto& f : form.fields) names.push_back(f.name);
  for (std::uint32_t i = 0; i < values.via.map.size; ++i) {
    auto& pair = values.via.map.ptr[i];
    auto name = pair.key.type == kind::STR ? std::string(text_of(pair.key)) : std::string("?");
    auto field = std::ranges::find(form.fields, name, &config::form_field::name);
    if (field == form.fields.end()) {
      auto near = nearest_name(name, names);
      return refusal(form, name,
                     near.empty() ? "the form has no such field"
                                  : "the form has no such field; did you mean \"" + near + "\"?");
    }
    if (is_blank(pair.val)) continue;
    if (auto wrong = what_is_wrong(*field, pair.val); !wrong.empty())
      return refusal(form, name, wrong);
    given.push_back(std::move(name));
  }
  for (auto& f : form.fields) {
    if (f.required && std::ranges::find(given, f.name) == given.end())
      return refusal(form, f.name, "is required");
  }
  return {};
}

}  // namespace switchboard
