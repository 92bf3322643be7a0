#pragma once

#include <map>
#include <string>

#include "tools/simulation/journal_checker.hpp"

namespace switchboard::simulation {

/// What readers were shown, against each other and against the journal (I5): nobody who keeps a
/// cursor is shown an event twice or misses one, and everybody is shown the same events under the
/// same numbers.
class delivery_check {
 public:
  explicit delivery_check(verdict& found) : found_(found) {}

  /// One reader of one session: what its client keeps, through reconnections and crashes of the
  /// server.
  struct cursor {
    std::string reader;  // for messages of this check
    session_id session;
    std::uint64_t last = 0;
    /// The next event may follow a gap: an agent who begins to serve has not read what was before.
    bool may_skip = false;
  };
  /// A `session.event` notification came.
  void shown(cursor& c, std::uint64_t seq, std::uint64_t prev, const std::string& type,
             std::uint64_t message_seq);
  /// Everything ever shown is in the journal, and the same.
  void compare(const journal_checker& truth);
  std::uint64_t count() const { return count_; }

 private:
  verdict& found_;
  std::map<std::pair<session_id, std::uint64_t>, std::string> shown_;  // type
  std::uint64_t count_ = 0;
};

/// What clients were told is done, against the journal (I5): it is there, once, through every
/// crash.
class acknowledgement_check {
 public:
  explicit acknowledgement_check(verdict& found) : found_(found) {}

  void message_sent(const session_id& session, std::uint64_t seq, const std::string& client_msg_id);
  void opened(const std::string& channel, const std::string& customer,
              const std::string& request_id, const session_id& session);
  /// Every acknowledged close, rating, transfer: the event's number.
  void happened(const session_id& session, std::uint64_t seq, const std::string& what);
  /// A request with other content under a key that was answered before got an answer instead of a
  /// refusal.
  void taken_for_another(const session_id& session, const std::string& key);
  /// `twice_too`: messages with a key of their own lie in the transcript once only.
  void compare(const journal_checker& truth) const;
  std::uint64_t count() const { return sent_.size() + opens_.size() + others_.size(); }

 private:
  verdict& found_;
  std::map<std::pair<session_id, std::string>, std::uint64_t> sent_;
  std::map<std::string, session_id> opens_;
  std::map<std::pair<session_id, std::uint64_t>, std::string> others_;
};

}  // namespace switchboard::simulation
