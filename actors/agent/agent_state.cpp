#include "actors/agent/agent_state.hpp"

#include <algorithm>

#include "actors/agent/agent_times.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/event_list.hpp"

namespace switchboard {
namespace {

struct applier {
  agent_record& r;
  timestamp at;

  void operator()(const agent_event::presence_changed& x) const {
    auto from = x.lasted ? at - *x.lasted : r.since;
    if (r.status != agent_status::offline && r.since != timestamp{})
      agent_times::add(r.days, to_string(r.status), r.reason, from, at,
                       x.zone.empty() ? "UTC" : x.zone);
    r.since = at;
    if (x.status == agent_status::online && r.status != agent_status::online) r.online_since = at;
    if (x.status == agent_status::online) r.missed_in_a_row = 0;
    r.status = x.status;
    r.reason = x.reason;
  }
  void operator()(const agent_event::served& x) const {
    r.last_assigned = x.last_assigned;
    r.assigned_today = x.assigned_today;
    r.day = x.day;
    if (x.after) r.wrap_ups.push_back(*x.after);
  }
  void operator()(const agent_event::wrap_up_ended& x) const {
    std::erase_if(r.wrap_ups, [&](auto& w) { return w.session == x.session; });
  }
  void operator()(const answer_recorded& x) const { keep_answer(r.answered, x, at); }
  void operator()(const agent_event::offer_missed& x) const { r.missed_in_a_row = x.in_a_row; }
};

}  // namespace

std::vector<day_times> times_until(const agent_record& r, timestamp now, millis lasted,
                                   const std::string& zone) {
  auto days = r.days;
  if (r.status != agent_status::offline)
    agent_times::add(days, to_string(r.status), r.reason, now - lasted, now, zone);
  return days;
}

void apply(agent_record& r, const agent_payload& e, timestamp at) {
  ++r.seq;
  std::visit(applier{r, at}, e);
}

void encode(const agent_payload& e, timestamp at, std::string& out) {
  codec::packer p;
  p.array(3).uinteger(e.index() + 1).time(at);
  std::visit([&](auto& x) { codec::pack_value(p, x, codec::audience::store); }, e);
  out.append(p.view());
}

bool replay(agent_record& r, std::string_view events) {
  return codec::for_each_listed(events, true, [&](const codec::listed_event& listed) {
    agent_payload e;
    const auto read = codec::unpack_kind(listed.kind, listed.payload, e);
    if (read == codec::kind_read::sound) apply(r, e, listed.at);
    return read != codec::kind_read::damaged;
  });
}

}  // namespace switchboard
