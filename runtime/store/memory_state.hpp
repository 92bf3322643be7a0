#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
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
  position projected() const override;

  /// Called by the journal at a commit. Does nothing while held.
  void fold_up_to(position durable);
  /// A projector that does not keep up: while held, commits are not folded. Letting go folds what
  /// has piled up.
  void hold(bool held);
  /// The process began anew: projections with nothing in memory, fed from the stored position on.
  void restart(std::vector<std::shared_ptr<projection>> projections);

  /// Public for the views alone.
  using table = std::map<std::string, std::string, std::less<>>;
  using tables = std::map<std::string, std::shared_ptr<table>, std::less<>>;

 private:
  void declare_tables();

  memory_journal& from_;
  std::vector<std::shared_ptr<projection>> projections_;
  /// A table that a view still holds is copied before it is written.
  mutable std::mutex mutex_;
  tables tables_;
  position projected_ = 0;
  bool held_ = false;
  /// One batch at a time; taken before mutex_.
  std::mutex folding_;
};

}  // namespace switchboard::store
