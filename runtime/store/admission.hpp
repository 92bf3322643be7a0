#pragma once

#include <cstdint>

#include "runtime/store/journal.hpp"

namespace switchboard::store {

/// What a call does to the store, which decides how long it is taken while room runs short. In this
/// order: who refuses one refuses all above it.
enum class work : std::uint8_t {
  /// Writes nothing: always taken.
  reads = 0,
  /// Ends, closes or erases something, or says how far somebody has come: taken as long as there is
  /// a
  /// reserve, for it is what makes room.
  frees = 1,
  /// Goes on with what is under way: taken below the second threshold.
  goes_on = 2,
  /// Brings something new: taken below the first threshold.
  begins = 3,
};

/// Whoever answers whether work may come in. Thread-safe and cheap.
class work_gate {
 public:
  virtual ~work_gate() = default;
  /// Whether work of this kind is taken at the moment, and why not, with what helps.
  virtual admission admits(work what) const = 0;
  /// Whether an answer that waits for the journal can leave: not while the journal has had
  /// something to write for longer than a disk may take.
  virtual admission answers() const { return {}; }
};

/// The journal stands still: who reads is told what is durable. Without a gate it never does.
inline bool stands_still(const work_gate* gate) {
  return gate && !gate->answers().open;
}

}  // namespace switchboard::store
