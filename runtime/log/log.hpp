#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "runtime/log/log_value.hpp"

/// The structured log: one line for each event, a name and fields.
///
///     log::info("session_opened", {{"session", id}, {"wait", wait}});
///
///     2026-01-31T09:30:00.125Z info session_opened session=s07... wait=40
///     {"time":"2026-01-31T09:30:00.125Z","level":"info","event":"session_opened","session":"s07...","wait":40}
///
/// Thread-safe. A call never waits for the file: lines pass through a bounded queue, of which the
/// oldest are dropped, and counted, when it is full. Before `start` and after `stop` nothing is
/// written.
namespace switchboard::log {

enum class level : std::uint8_t { trace, debug, info, warn, error };

struct options {
  /// trace, debug, info, warn, error.
  std::string level = "info";
  /// "text" for people, "json" for machines.
  std::string format = "text";
  /// Appended to; empty is standard error.
  std::string file;
  std::size_t queue = 8192;
};

/// Fails on an unknown level or format, or a file that cannot be written. Not while it runs.
result<void> start(const options& o);
/// Writes what is queued.
void stop();
/// False where there is no such level.
bool set_level(std::string_view name);
/// Opens the file anew, after it was moved away.
void reopen();

struct counts {
  std::uint64_t written = 0;
  std::uint64_t dropped = 0;
};
counts so_far();

using fields = std::initializer_list<field>;
bool enabled(level at);
/// `event` in snake_case, past tense.
void write(level at, std::string_view event, fields what);

inline void trace(std::string_view event, fields what = {}) {
  write(level::trace, event, what);
}
inline void debug(std::string_view event, fields what = {}) {
  write(level::debug, event, what);
}
inline void info(std::string_view event, fields what = {}) {
  write(level::info, event, what);
}
inline void warn(std::string_view event, fields what = {}) {
  write(level::warn, event, what);
}
inline void error(std::string_view event, fields what = {}) {
  write(level::error, event, what);
}

}  // namespace switchboard::log
