#include "actors/session/session_trail.hpp"

namespace switchboard {

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

trail_note trail_note_of(const session_state& s, bool start) {
  trail_note note;
  note.person = s.person;
  note.entry = trail_entry_of(s);
  if (!start || !s.dispatch || !s.dispatch->found) return note;
  const auto& found = *s.dispatch->found;
  if (!found.heard_by_person()) {
    note.seen_as = s.dispatch->request.customer;
    if (found.member) {
      note.member_id = found.member->id;
      note.member_name = found.member->name;
      note.member_attributes = found.member->attributes;
    }
  }
  // An answer that lacks its tags does not say that there are none.
  if (found.degraded.empty()) {
    note.start = true;
    note.tags = found.tags;
  }
  return note;
}

}  // namespace switchboard
