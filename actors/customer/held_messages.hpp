#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "actors/messages/interfaces.hpp"

namespace switchboard {

/// A message for a person who cannot take it yet, with whom to answer where that is an actor.
struct held_trail_query {
  trail_query what;
  caf::strong_actor_ptr asker;
};
using held_message = std::variant<held_trail_query, trail_note, customer_call, customer_told>;

/// Messages in the order they came, up to a limit. Past it a call is told so; what nobody waits
/// for, or waits for with a deadline of its own, is dropped.
class held_messages {
 public:
  explicit held_messages(std::size_t limit) : limit_(limit) {}

  void add(held_message m, store::position at) {
    if (waiting_.size() < limit_) return waiting_.push_back(std::move(m));
    error why{errc::resource_exhausted, "the customer is being read back; try again", {}, {}, 0};
    if (auto* call = std::get_if<customer_call>(&m)) call->reply.fail(at, why);
    if (auto* told = std::get_if<customer_told>(&m)) told->reply.fail(at, why);
  }
  bool empty() const { return waiting_.empty(); }
  std::vector<held_message> take() { return std::exchange(waiting_, {}); }

 private:
  std::size_t limit_;
  std::vector<held_message> waiting_;
};

}  // namespace switchboard
