#include "actors/mining/session_facts.hpp"

#include <algorithm>

#include "actors/customer/packed_fields.hpp"
#include "actors/customer/trail_summary.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/projection/stored_events.hpp"

namespace switchboard {
namespace {

std::string body_text(const codec::packed_value& body, std::string_view name) {
  std::string out;
  (void)with_map(body, [&](const msgpack::object& map) -> result<bool> {
    out = codec::params(map).text_or_empty(name);
    return true;
  });
  return out;
}

class listener {
 public:
  explicit listener(session_facts& f) : f_(f) {}

  void operator()(const event::opened& x) {
    f_.intent = x.intent;
    f_.subject = x.subject;
  }
  void operator()(const event::message& x) {
    if (x.type == "product" && f_.products.size() < session_facts::most_texts)
      f_.products.push_back(body_text(x.body, "product_id"));
    if (x.type != "text") return;
    auto& list = x.from.role == "customer" ? f_.said : f_.replied;
    if (x.from.role == "system" || list.size() >= session_facts::most_texts) return;
    auto text = body_text(x.body, "text");
    bytes_ += text.size();
    if (bytes_ <= session_facts::most_bytes) list.push_back(std::move(text));
  }
  void operator()(const event::wrapped_up& x) { f_.disposition = x.disposition; }
  void operator()(const auto&) {}

 private:
  session_facts& f_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::optional<session_facts> facts_of(const store::state_view& view, const session_id& session,
                                      timestamp now) {
  auto s = projecting::read_session(view, session);
  if (!s || s->person.empty()) return {};
  session_facts f;
  f.entry = projecting::trail_entry_of(*s);
  if (auto row = view.find(projecting::table::trail,
                           projecting::trail_key(s->person, s->opened_at, session))) {
    codec::unpack(*row, f.entry);
  }
  f.tags = s->tags;
  f.customer = projecting::read_shown(view, s->person);
  trail_summary trail;
  std::size_t n = 0;
  projecting::for_each_in_trail(view, s->person, [&](const trail_entry& e) {
    trail.note(e);
    return ++n < trail_summary::most_sessions;
  });
  f.trail = trail.finding(now);
  listener hears(f);
  view.scan(projecting::table::transcript, projecting::transcript_key(session, 0),
            [&](std::string_view key, std::string_view events) {
              if (!projecting::last_seq_of(key, session)) return false;
              projecting::event_cursor c(events);
              while (c.next()) {
                if (auto e = session_codec::decode(c.event())) std::visit(hears, e->what);
              }
              return true;
            });
  return f;
}

}  // namespace switchboard
