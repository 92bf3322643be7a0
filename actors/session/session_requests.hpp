#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/messages/edge_messages.hpp"
#include "actors/session/transcript_tail.hpp"
#include "runtime/hosting/shared_answer.hpp"

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

  /// A call with that key is not answered yet: both get its answer, whatever it is. With other
  /// content this one is refused. False where none is.
  bool joins(const reply_to& to, request_key key);
  /// The way of a call that may be answered later, for others to join.
  reply_to begin(const reply_to& to, request_key key);

 private:
  struct call_under_way {
    request_key key;
    std::shared_ptr<shared_answer> answer;
  };
  template <class Message> static bool hold(std::vector<Message>& list, Message& m) {
    if (list.size() >= most_held) return false;
    list.push_back(std::move(m));
    return true;
  }

  answered_requests answered_;
  bool known_;
  held held_;
  std::vector<call_under_way> under_way_;
};

inline bool session_requests::joins(const reply_to& to, request_key key) {
  if (key.key == 0) return false;
  std::erase_if(under_way_, [](auto& c) { return c.answer->over(); });
  for (auto& c : under_way_) {
    if (c.key.key != key.key) continue;
    if (c.key.content == key.content) return c.answer->add(to);
    to.fail(0,
            error{errc::already_exists, "op_id: used before with other content", "op_id", {}, 0});
    return true;
  }
  return false;
}

inline reply_to session_requests::begin(const reply_to& to, request_key key) {
  if (key.key == 0) return to;
  under_way_.push_back({key, std::make_shared<shared_answer>(to)});
  return {under_way_.back().answer, 0};
}

}  // namespace switchboard
