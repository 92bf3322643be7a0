#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "actors/customer/trail_entry.hpp"
#include "actors/read_model/projection/session_rows.hpp"
#include "actors/session/session_state.hpp"
#include "runtime/store/state.hpp"

/// Reads what session_projection wrote. What the journal holds beyond it is the caller's to know.
namespace switchboard::projecting {

/// The session, live or over.
std::optional<session_state> read_session(const store::state_view& view, const session_id& id);

struct transcript_chunk {
  std::uint64_t last = 0;
  std::string events;
};
/// The chunk that holds event `seq`, or the first after it.
std::optional<transcript_chunk> find_chunk(const store::state_view& view, const session_id& id,
                                           std::uint64_t seq);

struct page_limits {
  std::size_t events = 200;
  std::size_t bytes = 256 * 1024;
};
struct transcript_page {
  std::string events;
  std::uint64_t last = 0;  // of the last event here; 0: none
  bool more = false;
};
/// Events with seq > `after`, in order; one at least where there is one, however large.
transcript_page read_transcript(const store::state_view& view, const session_id& id,
                                std::uint64_t after, const page_limits& limits = {});

/// The session as a line of its person's trail.
trail_entry trail_entry_of(const session_state& s);
/// The person's trail, newest first, while `visit` returns true.
void for_each_in_trail(const store::state_view& view, const person_id& person,
                       const std::function<bool(const trail_entry&)>& visit);

/// Who was answered by that request_id before; nothing once its session has been over for longer
/// than `kept` of record time.
std::optional<open_request> find_open(const store::state_view& view, std::string_view channel,
                                      std::string_view customer, std::string_view request_id,
                                      millis kept = open_keys_live);
std::optional<last_close> find_last_close(const store::state_view& view, std::string_view channel,
                                          std::string_view customer);

}  // namespace switchboard::projecting
