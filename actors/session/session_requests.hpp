#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/messages/edge_messages.hpp"
#include "actors/session/transcript_tail.hpp"

namespace switchboard {

/// Which requests a session has answered, so that one that comes again is answered the same. After
/// idleness or a restart their keys lie in the transcript: until they are read back, requests with
/// a key are held here. Pure; not thread-safe.
class session_requests {
 public:
  /// What was held, to be taken up or refused.
  struct held {
    std::vector<open_session> opens;
    std::vector<send_message> sends;
    std::vector<session_call> calls;
  };
  static constexpr std::size_t most_held = 256;  // of each kind

  /// `known`: a session that has recorded nothing yet has answered nothing.
  explicit session_requests(bool known) : known_(known) {}

  /// Are the keys of everything answered here?
  bool known() const { return known_; }
  void add(const request_key& k, std::uint64_t seq, timestamp at, std::string_view said) {
    answered_.add(k, seq, at, said);
  }
  const answered_requests& answered() const { return answered_; }
  /// Gives the memory of the keys back. `known`: there are none in the transcript either.
  void forget(bool known) {
    answered_.clear();
    known_ = known;
  }

  /// False where as many are held as may.
  bool hold(open_session& m) { return hold(held_.opens, m); }
  bool hold(send_message& m) { return hold(held_.sends, m); }
  bool hold(session_call& m) { return hold(held_.calls, m); }
  /// All keys have been added: what was held can be taken up.
  held all_known() {
    known_ = true;
    return give_up();
  }
  /// The keys cannot be read.
  held give_up() { return std::exchange(held_, {}); }

 private:
  template <class Message> static bool hold(std::vector<Message>& list, Message& m) {
    if (list.size() >= most_held) return false;
    list.push_back(std::move(m));
    return true;
  }

  answered_requests answered_;
  bool known_;
  held held_;
};

}  // namespace switchboard
