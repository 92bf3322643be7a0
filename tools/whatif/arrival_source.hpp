#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tools/whatif/deployment_model.hpp"

namespace switchboard::whatif {

/// Somebody who comes, with what does not depend on how they are treated.
struct arrival {
  std::int64_t at_ms = 0;  // since the start
  std::uint32_t of = 0;    // class
  std::uint64_t key = 0;   // of all further draws
  double handle_ms = 0;
  double patience_ms = -1;  // below 0: waits for ever
};

/// The arrivals of a model in the order of time: one Poisson process a class, whose rate is
/// constant within an hour, or the record. Equal seeds and classes give equal arrivals, whatever
/// the dispatch file says.
class arrival_source {
 public:
  explicit arrival_source(const deployment_model& model);

  /// Null after the last.
  const arrival* peek() const { return over_ ? nullptr : &next_; }
  void pop() { advance(); }

 private:
  struct stream {
    double at_ms = 0;
    std::uint64_t count = 0;
  };
  void advance();
  void advance_recorded();
  bool step(std::uint32_t of);
  arrival complete(std::int64_t at_ms, std::uint32_t of, std::uint64_t key) const;

  const deployment_model& model_;
  std::vector<stream> streams_;
  std::vector<std::pair<double, std::uint32_t>> heap_;  // next moment, class; least on top
  std::size_t row_ = 0;
  bool over_ = false;
  arrival next_;
};

}  // namespace switchboard::whatif
