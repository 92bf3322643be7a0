#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "adapters/client/json_client.hpp"

namespace switchboard::channel_tool {

struct push_options {
  client::connection_options where;
  std::string channel;
  std::string token;
  /// JSON Lines; "-" is the standard input.
  std::string file;
  /// Requests a second; 0: as fast as `window` outstanding ones allow.
  double rate = 0;
  std::size_t window = 64;
  /// Shows what comes back until every session is over.
  bool follow = false;
  /// Goes on where an earlier run stopped: lines before this one (from 1) are passed over.
  std::size_t from_line = 1;
};

/// Which lines of a file are on their way: a request is answered out of turn, and a run that stops
/// says from where the next goes on. Pure; not thread-safe.
class push_progress {
 public:
  void sent(std::size_t line) { under_way_.insert(line); }
  void answered(std::size_t line) { under_way_.erase(line); }
  std::size_t under_way() const { return under_way_.size(); }
  /// The first line whose request may not have been taken, of a file read up to and with `last`.
  /// Requests after it that were taken are known by their request_id, and are not taken twice.
  std::size_t go_on_at(std::size_t last) const {
    return under_way_.empty() ? last + 1 : *under_way_.begin();
  }

 private:
  std::set<std::size_t> under_way_;
};

/// A line of the file as the params of session.open, or why it is none. A request without a
/// message takes the customer's first turn, where the line has `turns`; a line of another channel
/// is skipped (an empty object).
tl::expected<client::json, std::string> request_of(const std::string& line,
                                                   const std::string& channel);

/// Pushes every request once, prints one line for each answer and a summary; stops at the first
/// lost connection, and says with which line to go on. Holds a window of requests and one line of
/// the file, however long it is. Answers with the exit code: 0 when all were taken.
int run_push(const push_options& options);

}  // namespace switchboard::channel_tool
