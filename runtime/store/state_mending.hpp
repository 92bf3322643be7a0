#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/store/journal_lmdb.hpp"
#include "runtime/store/state_lmdb.hpp"
#include "runtime/store/value_source.hpp"

namespace switchboard::store {

struct mending_outcome {
  std::size_t mended = 0, lost = 0;
  /// The tables of those that are lost, each once.
  std::vector<std::string> lost_in;
};

/// Looks at every value of the state, and makes anew what is damaged where it can. Before the
/// projector starts; the projections have nothing in memory, and have nothing afterwards.
result<mending_outcome> mend_values(state_lmdb& state, const journal_lmdb& journal,
                                    const std::vector<std::shared_ptr<projection>>& projections,
                                    const value_source& source);

}  // namespace switchboard::store
