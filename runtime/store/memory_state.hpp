#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/store/memory_journal.hpp"
#include "runtime/store/state.hpp"

namespace switchboard::store {

/// A state in memory, folded as soon as its journal commits, each commit one batch: the projector
/// of a simulation, without a thread. Its tables survive a crash; the projections do not, and
/// `restart` brings new ones. Thread-safe.
class memory_state final : public state {
 public:
  memory_state(memory_journal& from, std::vector<std::shared_ptr<projection>> projections);
  ~memory_state() override;

  std::unique_ptr<state_view> view() const override;
  std::unique_ptr<state_view> lenient_view() const override;
  position projected() const override;

  /// Called by the journal at a commit. Does nothing while held.
  void fold_up_to(position durable);
  /// A projector that does not keep up: while held, commits are not folded. Letting go folds what
  /// has piled up.
  void hold(bool held);
  /// Folds what is durable though it is held: a start waits for that.
  void catch_up();
  /// The process began anew: projections with nothing in memory, fed from the stored position on.
  void restart(std::vector<std::shared_ptr<projection>> projections);
  /// A small disk: once keys and values take more than so many bytes (0: no limit), what is folded
  /// on lies in memory, as in the daemon's state: readers see it, `restart` has to fold it again.
  /// With room again the next commit stores it.
  void limit(std::size_t bytes);
  bool full() const;
  /// What a restart begins from; `projected()` where nothing lies aside.
  position stored() const;
  std::size_t bytes() const;
  /// From now on whoever reads that value finds it damaged, as on a disk; writing it anew does not
  /// help.
  void damage(std::string_view table, std::string_view key);
  /// Writes beside the journal, as the clock does in the daemon.
  void tidy(const std::function<void(state_batch&)>& fill);

  /// Public for the views alone.
  using table = std::map<std::string, std::string, std::less<>>;
  using tables = std::map<std::string, std::shared_ptr<table>, std::less<>>;

 private:
  void declare_tables();
  void fold(position durable);
  std::unique_ptr<state_view> view_that(bool lenient) const;

  memory_journal& from_;
  std::vector<std::shared_ptr<projection>> projections_;
  /// A table that a view still holds is copied before it is written.
  mutable std::mutex mutex_;
  tables tables_;
  position projected_ = 0;
  std::size_t bytes_ = 0, limit_ = 0;
  /// As of the last commit that there was room for; none while everything is stored.
  struct stored_state {
    tables all;
    position at = 0;
    std::size_t bytes = 0;
  };
  std::optional<stored_state> stored_;
  std::set<std::pair<std::string, std::string>> damaged_;
  bool held_ = false;
  /// One batch at a time; taken before mutex_.
  std::mutex folding_;
};

}  // namespace switchboard::store
