#pragma once

#include <cstdint>

#include "runtime/store/journal_lmdb.hpp"
#include "runtime/store/layout_step.hpp"
#include "runtime/store/lmdb_env.hpp"

namespace switchboard::store {

/// Brings the state in `environment`, where there is one, to `layout`, with a checksum at every
/// value; does nothing to one that is so. By a copy that takes the old file's place: cut short, it
/// begins again at the next start. Tells `notice` how far it is ("state_migrating").
/// `failed_precondition` when the layout is newer, or a step is missing.
result<void> migrate_state(const lmdb_options& environment, std::uint32_t layout,
                           const layout_steps& steps, const notice_handler& notice);

}  // namespace switchboard::store
