#include "actors/agent/keyed_move.hpp"

#include <utility>

namespace switchboard {

keyed_move::keyed_move(const directory_view& directory, const agent_call& asked)
    : directory_(directory), asked_(asked), waiting_{asked.reply} {
  asked_.reply = {};
}

bool keyed_move::add(const reply_to& to) {
  std::lock_guard hold(lock_);
  if (!over_) waiting_.push_back(to);
  return !over_;
}

bool keyed_move::over() const {
  std::lock_guard hold(lock_);
  return over_;
}

std::vector<reply_to> keyed_move::take_waiting() {
  std::lock_guard hold(lock_);
  over_ = true;
  return std::exchange(waiting_, {});
}

void keyed_move::reply(std::uint32_t, store::position after, std::string packed) {
  if (auto agent = directory_.find_agent(asked_.agent)) {
    auto kept = asked_;
    kept.method = agent_method::moved;
    kept.answer.bytes = std::move(packed);
    return caf::anon_send(agent, std::move(kept));
  }
  for (auto& to : take_waiting())
    to.ok(after, packed);  // the account is gone, and with it what it kept
}

void keyed_move::fail(std::uint32_t, store::position after, const error& why) {
  for (auto& to : take_waiting()) to.fail(after, why);
}

}  // namespace switchboard
