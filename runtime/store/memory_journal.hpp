#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/store/admission.hpp"
#include "runtime/store/durable_calls.hpp"

namespace switchboard::store {

class memory_state;

/// A journal in memory that commits when it is told to: the disk of a simulation. Deterministic;
/// outlives the crashes it simulates. Thread-safe; callbacks run in the thread that commits.
class memory_journal final : public journal, public work_gate {
 public:
  position append(record r) override;
  position last() const override;
  position durable() const override;
  /// The state's position where one is attached, else what `set_projected` said.
  position projected() const override;
  admission admits() const override { return admits(work::begins); }
  /// As the daemon's gate, by the limits of journal and state.
  admission admits(work what) const override;
  int on_durable(std::function<void(position)> call) override;
  void unsubscribe(int handle) override;
  result<position> read(position from, std::size_t limit,
                        const std::function<bool(const placed_record&)>& visit) const override;
  position first() const override;

  /// Makes the oldest `n` of what is appended durable (all, if there are fewer), folds them into
  /// the attached state, then calls the subscribers. Answers how many.
  std::size_t commit_some(std::size_t n);
  std::size_t commit_all();
  std::size_t uncommitted() const;
  /// A power cut: what was not durable is gone and its positions will be given out again;
  /// subscribers are forgotten.
  void crash();
  /// Drops the records below `first`, at most up to the projected ones.
  void trim_below(position first);

  /// From now on commits are folded into `state`, which outlives this. Null detaches.
  void attach(memory_state* state);
  /// With no state attached.
  void set_projected(position at);
  /// A small disk: commits stop before keys, channels and events of what is kept take more than so
  /// many bytes (0: no limit), and go on when trimming has made room.
  void limit(std::size_t bytes);
  /// What is kept of what is durable takes so many.
  std::size_t bytes() const;
  /// A flipped bit: whoever reads the record is told that it is damaged.
  void damage(position at);
  /// What `admits` answers, until it is called with nothing.
  void refuse(std::optional<std::string> reason);

 private:
  mutable std::mutex mutex_;
  std::deque<placed_record> records_;
  position first_ = 1;
  position last_ = 0;
  position durable_ = 0;
  position projected_ = 0;
  memory_state* state_ = nullptr;
  std::optional<std::string> refusal_;
  std::size_t bytes_ = 0, limit_ = 0;
  std::set<position> damaged_;
  durable_calls calls_;
};

}  // namespace switchboard::store
