#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "actors/agent/agent_state.hpp"
#include "actors/configuration/config_version.hpp"
#include "actors/read_model/projection/session_rows.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/base/error.hpp"
#include "runtime/store/state.hpp"

/// Loads everything back after a start: what is projected, and the journal's records after that.
namespace switchboard::recovery {

/// What a group needs before it may dispatch (docs/architecture.md, "A restart").
struct recovered_group {
  /// Sessions that will register as waiting here: all in all, and by shard.
  std::size_t waiters = 0;
  std::map<shard_id, std::size_t> waiters_by_shard;
  /// Who got its latest assignment, and when; no agent: nobody yet.
  projecting::group_latest latest;
};

struct recovered_world {
  /// Sessions that are not over, by id. Transcripts and idempotency keys lie with the archive.
  std::vector<session_state> sessions;
  std::unordered_map<agent_id, agent_record> agents;
  std::unordered_map<group_id, recovered_group> groups;
  configuration_record configuration;
  /// The version that was active; nothing before the first start.
  std::optional<config_version> version;
  config::account_index accounts;
  /// Everything up to here is in the above.
  store::position upto = 0;
  /// Records that lay in the journal only.
  std::size_t tail_records = 0;
};

struct recovery_options {
  /// Snapshots are read by so many threads.
  unsigned threads = 2;
};

/// The projector may run meanwhile. Fails where the journal does not reach back to what is
/// projected, or a snapshot or record cannot be read. Customers' actors load themselves, once
/// `projected()` has passed `upto`.
result<recovered_world> load(const store::state& state, const store::journal& journal,
                             const recovery_options& options = {});

}  // namespace switchboard::recovery
