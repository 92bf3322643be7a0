#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/read_model/projection/record_time.hpp"
#include "actors/read_model/projection/session_pulse.hpp"
#include "actors/read_model/projection/session_rows.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/store/state.hpp"

namespace switchboard {

struct trail_entry;

/// Folds the records of sessions into snapshots, transcripts, trails, and the keys of opens. In
/// memory lies what the batch under way touches, nothing else. Messages and read marks change only
/// a session's pulse and its transcript.
class session_projection final : public store::projection {
 public:
  /// `keys_kept`: how long past a close its request_ids are remembered, as configured now. Any
  /// thread.
  explicit session_projection(std::function<millis()> keys_kept = {});
  ~session_projection() override;
  /// The most rows that one flush lets expire.
  static constexpr std::size_t sweep_at_most = 10'000;
  /// A chunk of a transcript is not made larger than this; one record's event may be.
  static constexpr std::size_t chunk_bytes = 32 * 1024;

  std::vector<std::string> tables() const override;
  void fold(const store::placed_record& r, const store::state_view& before) override;
  void flush(store::state_batch& batch) override;

 private:
  struct chunk {
    std::uint64_t last = 0;
    std::string events;
  };
  /// A session in this batch. Its pulse alone is loaded until an event asks for the whole.
  struct touched {
    std::unique_ptr<session_state> state;
    std::optional<projecting::session_pulse> pulse;
    bool begun_here = false;  // its first event is in this batch: nothing of it lies in the state
    bool lay_in_live = false;
    bool snapshot_changed = false;
    bool trail_changed = false;
    std::vector<chunk> chunks;
    std::vector<std::uint64_t> recalled;
    /// Where the customer came in, of which a session that is over knows nothing any more.
    std::unique_ptr<trail_entry> origin;
  };
  struct ended {
    session_id session;
    timestamp at;
    /// The record time then.
    timestamp on_record;
    std::string last_close_key;
    agent_id last_agent;
    bool begun_here = false;
  };
  using row = std::pair<session_id, touched*>;

  session_state& load(touched& t, const session_id& id, const store::state_view& before);
  bool fold_quickly(touched& t, const session_id& id, const session_codec::stored_event& e,
                    const store::state_view& before);
  /// False: it goes on with a session of which nothing is here any more.
  bool fold_whole(touched& t, const session_id& id, const session_codec::stored_event& e,
                  const store::state_view& before);
  void note_consequences(touched& t, const session_event& e, const person_id& before);
  void note_open(const session_state& s, const session_event& e, const std::string& request_id);
  static void append(touched& t, std::uint64_t seq, std::string_view event);

  void write_snapshots(store::state_batch& batch, const std::vector<row>& rows) const;
  void write_transcripts(store::state_batch& batch, const std::vector<row>& rows) const;
  void write_trail(store::state_batch& batch, const std::vector<row>& rows) const;
  /// The keys of the session's opens, taken out of what is kept for a session that is not over.
  std::string take_opens_of(store::state_batch& batch, const ended& e);
  void close_open(store::state_batch& batch, std::string_view key, const ended& e);
  void write_ends(store::state_batch& batch);
  void write_opens(store::state_batch& batch) const;
  void sweep(store::state_batch& batch) const;
  void expire_opens(store::state_batch& batch, const session_id& session, std::string_view keys,
                    millis kept) const;

  const std::function<millis()> keys_kept_;

  std::unordered_map<session_id, touched> touched_;
  std::map<std::string, projecting::open_request, std::less<>> opens_;
  std::map<std::string, std::string> opens_of_;  // by session key
  std::vector<ended> ended_;
  /// Trail rows that went to another person.
  std::vector<std::string> left_trails_;
  /// Of customers that are erased.
  std::vector<session_id> erased_;
  std::map<std::string, projecting::group_latest> groups_;
  /// Read back for each batch, since one that finds no room is folded again.
  std::optional<projecting::record_time> time_;
};

}  // namespace switchboard
