#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/daemon_options.hpp"

namespace switchboard::config {

enum class option_kind : std::uint8_t { text, path, whole_number, size, duration, flag, choice };
/// When a changed value is taken up: by a reload of the running daemon, or by the next start.
enum class takes_effect : std::uint8_t { on_reload, on_restart };

/// The one declaration of one option. The parser, the validation, `--help`, the committed example
/// and the list of what a reload changes are all made from it.
struct option {
  /// Dotted path: "listen.channel.port".
  std::string_view key;
  option_kind kind;
  /// As it is written in the file.
  std::string_view initial;
  /// One sentence.
  std::string_view text;
  takes_effect effect = takes_effect::on_restart;
  /// Bounds of a number, of a size in bytes, of a duration in milliseconds.
  std::int64_t least = 0;
  std::int64_t most = 0;
  /// What a choice can be.
  std::vector<std::string> choices;
  /// Writes a value that has been checked into its field, and reads it back; the text is in the
  /// form of the file.
  std::function<void(daemon_options&, std::string_view)> store;
  std::function<std::string(const daemon_options&)> show;

  /// Why `value` cannot be this option's, as a sentence; empty when it can.
  std::string refusal(std::string_view value) const;
};

/// All options, in the order of the example.
const std::vector<option>& option_table();
/// Nothing when there is no such key.
const option* find_option(std::string_view key);
/// Every key, for the nearest name.
std::vector<std::string> option_keys();

/// The options whose values differ.
std::vector<const option*> changed_options(const daemon_options& before,
                                           const daemon_options& after);

/// What a reload makes of the options a daemon runs with and of those its file has now.
struct options_reload {
  /// As it runs from now on: what waits for a restart is as it was.
  daemon_options running;
  std::vector<const option*> taken, waiting;
};
options_reload take_up(const daemon_options& running, const daemon_options& file);

}  // namespace switchboard::config
