#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/session/session_codec.hpp"

namespace switchboard {

/// Finds a message in a transcript, and who has read it since: for one that is to be taken back.
/// Fed with stored events in the order of seq.
class recall_search {
 public:
  explicit recall_search(std::uint64_t message_seq) : seq_(message_seq) {}

  void look_at(const session_codec::stored_event& e);
  std::uint64_t message_seq() const { return seq_; }
  /// Null while it is not found, or where that seq is no message.
  const event::message* message() const;
  timestamp sent_at() const { return found_ ? found_->at : timestamp{}; }
  const std::vector<participant>& readers() const { return readers_; }
  bool found() const { return found_.has_value(); }

 private:
  std::uint64_t seq_;
  std::optional<session_event> found_;
  std::vector<participant> readers_;
};

/// The attachment a message carries, or nothing.
std::string attachment_of(const event::message& m);

}  // namespace switchboard
