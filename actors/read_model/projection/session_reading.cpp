#include "actors/read_model/projection/session_reading.hpp"

#include "actors/read_model/projection/record_time.hpp"
#include "actors/read_model/projection/session_pulse.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"

namespace switchboard::projecting {

std::optional<session_state> read_session(const store::state_view& view, const session_id& id) {
  auto key = live_key(id);
  session_state s;
  if (auto packed = view.find(table::live, key)) {
    if (!codec::unpack(*packed, s)) return {};
    if (auto pulse = view.find(table::pulse, key)) {
      if (auto p = decode_pulse(*pulse)) lay_over(s, *p);
    }
    return s;
  }
  auto packed = view.find(table::over, session_key(id));
  if (!packed || !codec::unpack(*packed, s)) return {};
  return s;
}

std::optional<transcript_chunk> find_chunk(const store::state_view& view, const session_id& id,
                                           std::uint64_t seq) {
  std::optional<transcript_chunk> found;
  view.scan(table::transcript, transcript_key(id, seq),
            [&](std::string_view key, std::string_view events) {
              if (auto last = last_seq_of(key, id))
                found = transcript_chunk{*last, std::string(events)};
              return false;
            });
  return found;
}

transcript_page read_transcript(const store::state_view& view, const session_id& id,
                                std::uint64_t after, const page_limits& limits) {
  transcript_page page;
  std::size_t n = 0;
  view.scan(table::transcript, transcript_key(id, after + 1),
            [&](std::string_view key, std::string_view chunk) {
              if (!last_seq_of(key, id)) return false;
              event_cursor c(chunk);
              while (c.next()) {
                if (c.event().seq <= after) continue;
                page.more = n >= limits.events ||
                            (n > 0 && page.events.size() + c.bytes().size() > limits.bytes);
                if (page.more) return false;
                page.events += c.bytes();
                page.last = c.event().seq;
                ++n;
              }
              return true;
            });
  return page;
}

trail_entry trail_entry_of(const session_state& s) {
  trail_entry t;
  t.session = s.id;
  t.channel = s.channel;
  t.customer = s.customer;
  t.opened_at = s.opened_at;
  t.closed_at = s.closed_at;
  t.outcome = std::string(to_string(s.phase));
  t.agent = agent_id{s.serving ? s.serving->agent.id : s.last_agent.id};
  t.group = s.serving ? s.serving->group : s.last_group;
  t.rating = s.rating;
  t.messages = s.messages;
  return t;
}

void for_each_in_trail(const store::state_view& view, const person_id& person,
                       const std::function<bool(const trail_entry&)>& visit) {
  auto prefix = trail_prefix(person);
  view.scan(table::trail, prefix, [&](std::string_view key, std::string_view packed) {
    if (!key.starts_with(prefix)) return false;
    // A longer id that begins like this one and goes on with a zero byte: another person.
    if (!in_trail(key, prefix)) return true;
    trail_entry t;
    return !codec::unpack(packed, t) || visit(t);
  });
}

std::optional<open_request> find_open(const store::state_view& view, std::string_view channel,
                                      std::string_view customer, std::string_view request_id,
                                      millis kept) {
  auto packed = view.find(table::callers, open_key(channel, customer, request_id));
  open_request found;
  if (!packed || !codec::unpack(*packed, found)) return {};
  if (found.closed_at && *found.closed_at + kept < record_time::read(view).now()) return {};
  return found;
}

std::optional<last_close> find_last_close(const store::state_view& view, std::string_view channel,
                                          std::string_view customer) {
  auto packed = view.find(table::callers, last_close_key(channel, customer));
  last_close found;
  if (!packed || !codec::unpack(*packed, found)) return {};
  return found;
}

}  // namespace switchboard::projecting
