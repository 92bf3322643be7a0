#pragma once

#include <utility>

#include "config/option_table.hpp"
#include "config/quantity.hpp"

/// The forms an option can have, as functions that read like a table's row. `field` maps
/// daemon_options& to a pointer to the option's field. Private to option_table.cpp.
namespace switchboard::config {

inline constexpr auto restart = takes_effect::on_restart;
inline constexpr auto reload = takes_effect::on_reload;
inline constexpr std::int64_t kib = 1 << 10, mib = 1 << 20, gib = 1 << 30, tib = 1ll << 40;

template <class Field>
option declare(option_kind kind, std::string_view key, std::string_view initial,
               takes_effect effect, std::string_view sentence, Field field, auto parse,
               auto print) {
  option out{.key = key, .kind = kind, .initial = initial, .text = sentence, .effect = effect};
  out.store = [=](daemon_options& x, std::string_view text) { *field(x) = parse(text); };
  // Reading needs no change: the field is found through the same function as for writing.
  out.show = [=](const daemon_options& x) { return print(*field(const_cast<daemon_options&>(x))); };
  return out;
}

inline std::string same_text(std::string_view text) {
  return std::string(text);
}

template <class Field>
option text(std::string_view key, std::string_view initial, takes_effect effect, Field field,
            std::string_view sentence) {
  return declare(option_kind::text, key, initial, effect, sentence, field, same_text, same_text);
}

template <class Field>
option path(std::string_view key, std::string_view initial, takes_effect effect, Field field,
            std::string_view sentence) {
  return declare(option_kind::path, key, initial, effect, sentence, field, same_text, same_text);
}

template <class Field>
option choice(std::string_view key, std::string_view initial, std::vector<std::string> choices,
              takes_effect effect, Field field, std::string_view sentence) {
  auto out =
      declare(option_kind::choice, key, initial, effect, sentence, field, same_text, same_text);
  out.choices = std::move(choices);
  return out;
}

template <class Field>
option flag(std::string_view key, std::string_view initial, takes_effect effect, Field field,
            std::string_view sentence) {
  return declare(
      option_kind::flag, key, initial, effect, sentence, field,
      [](std::string_view text) { return text == "true"; },
      [](bool on) { return std::string(on ? "true" : "false"); });
}

inline option within(option out, std::int64_t least, std::int64_t most) {
  out.least = least;
  out.most = most;
  return out;
}

template <class Field>
option number(std::string_view key, std::string_view initial, int least, int most,
              takes_effect effect, Field field, std::string_view sentence) {
  auto out = declare(
      option_kind::whole_number, key, initial, effect, sentence, field,
      [](std::string_view text) { return static_cast<int>(parse_integer(text).value_or(0)); },
      [](int n) { return std::to_string(n); });
  return within(std::move(out), least, most);
}

template <class Field>
option size(std::string_view key, std::string_view initial, std::int64_t least, std::int64_t most,
            takes_effect effect, Field field, std::string_view sentence) {
  auto out = declare(
      option_kind::size, key, initial, effect, sentence, field,
      [](std::string_view text) { return parse_size(text).value_or(0); }, format_size);
  return within(std::move(out), least, most);
}

template <class Field>
option duration(std::string_view key, std::string_view initial, millis least, millis most,
                takes_effect effect, Field field, std::string_view sentence) {
  auto out = declare(
      option_kind::duration, key, initial, effect, sentence, field,
      [](std::string_view text) { return parse_duration(text).value_or(millis{0}); },
      format_duration);
  return within(std::move(out), least.count(), most.count());
}

}  // namespace switchboard::config
