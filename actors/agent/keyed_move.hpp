#pragma once

#include <mutex>
#include <vector>

#include "actors/directory/directory_view.hpp"
#include "actors/messages/edge_messages.hpp"

namespace switchboard {

/// Who has asked for one move of an agent's sessions under one key. What the sessions answered goes
/// to the agent, which keeps it under the key and answers; a move that came to nothing is not kept.
/// Thread-safe.
class keyed_move final : public outbox {
 public:
  keyed_move(const directory_view& directory, const agent_call& asked);

  const request_key& key() const { return asked_.known_by.key; }
  /// False where it is over: then it is asked for anew.
  bool add(const reply_to& to);
  bool over() const;

  void reply(std::uint32_t, store::position, std::string packed) override;
  void fail(std::uint32_t, store::position after, const error& why) override;
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }

  /// It is over: who waits for the answer.
  std::vector<reply_to> take_waiting();

 private:
  const directory_view& directory_;
  agent_call asked_;
  mutable std::mutex lock_;
  std::vector<reply_to> waiting_;
  bool over_ = false;
};

}  // namespace switchboard
