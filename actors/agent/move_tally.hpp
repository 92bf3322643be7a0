#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "runtime/base/ids.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Stands where the caller's connection would while the sessions of one agent are asked to go
/// elsewhere: counts what they answer, each under its place in `sessions` as its call's id. Answers
/// when all have, or when those that have not are gone: {sessions, asked, stayed[{session_id,
/// message}]}; where every one stayed, the first one's error. Thread-safe.
class move_tally final : public outbox {
 public:
  move_tally(reply_to to, std::vector<session_id> sessions)
      : to_(std::move(to)), sessions_(std::move(sessions)) {}
  move_tally(const move_tally&) = delete;
  move_tally& operator=(const move_tally&) = delete;
  ~move_tally() override;

  void reply(std::uint32_t msgid, store::position after, std::string packed) override;
  void fail(std::uint32_t msgid, store::position after, const error& why) override;
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }

 private:
  void arrived(store::position after);
  void answer() const;

  std::mutex lock_;
  const reply_to to_;
  const std::vector<session_id> sessions_;
  std::size_t moved_ = 0, answered_ = 0;
  std::map<std::size_t, error> stayed_;
  store::position upto_ = 0;
};

}  // namespace switchboard
