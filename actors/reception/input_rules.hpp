#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/reception_config.hpp"
#include "runtime/base/error.hpp"

namespace switchboard {

/// The settings of one side in one place, and what that place is called in errors:
/// "groups.vip.input.customer".
struct named_input {
  const config::input_settings* settings = nullptr;
  std::string_view place;  // "input", "channels.app.input", "groups.vip.input"
  std::string_view side;   // "customer", "agent"
};

/// What of a message the settings speak of, read from it once.
struct message_facts {
  std::size_t type = 0;  // of config::message_type
  std::string_view text;
  std::string_view form;
  std::optional<std::int64_t> file_size;
  std::string_view file_kind;
};
/// The type's number; past the last one where it is unknown.
std::size_t message_type_of(std::string_view name);
/// Reads a message's packed body.
message_facts facts_of(std::string_view type, std::string_view packed_body);

/// Whether the settings say nothing at all.
bool is_silent(const config::input_settings& s);
/// The first rule that `m` breaks, as the answer to its sender.
std::optional<error> check_input(const named_input& in, const message_facts& m);

/// "image/png" is of "image/*" and of "image/png". SVG, which may carry scripts, is of its own name
/// alone.
bool kind_matches(std::string_view kind, std::string_view pattern);
/// Which message types carry such a kind: image/* but for SVG as image, audio/* as voice, video/*
/// as video; anything as file.
bool kind_fits_type(std::string_view kind, std::string_view message_type);

}  // namespace switchboard
