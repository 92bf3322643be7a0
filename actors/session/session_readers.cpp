#include "actors/session/session_readers.hpp"

#include <algorithm>

#include "actors/session/recalled_message.hpp"
#include "runtime/codec/kind_number.hpp"

namespace switchboard {

using codec::packer;
using session_codec::stored_event;

namespace {

constexpr auto message_kind = codec::kind_number<event::message, session_payload::kinds>;
constexpr auto assigned_kind = codec::kind_number<event::assigned, session_payload::kinds>;

auto is_connection(std::uint64_t id) {
  return [id](const session_readers::subscription& r) { return r.out && r.out->id() == id; };
}

void tell(session_readers::subscription& r, const session_state& s, std::uint64_t seq,
          store::position at, const stored_event& e) {
  if (seq <= r.cursor) return;
  r.cursor = seq;
  if (!may_see(r.as, e.seen_by)) return;
  std::string hollow;
  r.out->notify(at, session_codec::notification(s.id, r.as, as_shown(s, e, hollow)));
}

/// An agent or supervisor, not the system.
bool is_viewer(const session_readers::subscription& r) {
  return r.who && r.who->role != "system";
}

}  // namespace

stored_event as_shown(const session_state& s, const stored_event& e, std::string& hollow) {
  if (e.kind != message_kind || s.recalled.empty() ||
      std::ranges::find(s.recalled, e.seq) == s.recalled.end())
    return e;
  hollow = recalled_message(e.seq);
  auto shown = e;
  shown.open_part = hollow;
  shown.hidden_part = {};
  return shown;
}

// ---- what happens

void session_readers::record(const session_state& s, std::uint64_t seq, store::position at,
                             std::string encoded) {
  if (!subscribers_.empty() || !owner_.empty() || !guests_.empty()) {
    session_codec::for_each(encoded, [&](const stored_event& e) {
      auto tell_live = [&](auto& list) {
        for (auto& r : list) {
          if (!r.catching_up) tell(r, s, seq, at, e);
        }
      };
      tell_live(subscribers_);
      tell_live(owner_);
      for (auto& g : guests_) tell_live(g.connections);
    });
  }
  tail_.add(seq, at, std::move(encoded));
}

void session_readers::tell_fleeting(const session_id& session, std::string_view type,
                                    std::string_view fields, store::position after,
                                    std::uint64_t except) const {
  const auto frame = session_codec::fleeting_notification(session, type, fields);
  auto tell_all = [&](auto& list) {
    for (auto& r : list) {
      if (r.out->id() != except) r.out->notify(after, frame);
    }
  };
  tell_all(subscribers_);
  tell_all(owner_);
  for (auto& g : guests_) tell_all(g.connections);
}

void session_readers::show_viewers(const session_state& s, store::position after) {
  std::vector<const participant*> agents;
  auto add = [&](const participant& p) {
    if (std::ranges::none_of(agents, [&](auto* a) { return a->id == p.id; })) agents.push_back(&p);
  };
  if (s.serving && !owner_.empty()) add(s.serving->agent);
  for (auto& r : subscribers_) {
    if (is_viewer(r)) add(*r.who);
  }
  const bool tells = agents.size() > 1 || shown_viewers_ > 1;
  shown_viewers_ = agents.size();
  if (!tells) return;
  packer p;
  p.map(1).str("agents").array(static_cast<std::uint32_t>(agents.size()));
  for (auto* a : agents) codec::pack_value(p, *a, codec::audience::client);
  const auto frame = session_codec::fleeting_notification(s.id, "viewing", p.view());
  for (auto* list : {&subscribers_, &owner_}) {
    for (auto& r : *list) {
      if (r.as == reader::agent) r.out->notify(after, frame);
    }
  }
}

// ---- who hears it

result<void> session_readers::subscribe(const session_state& s, const outbox_ptr& out,
                                        const participant& by, std::uint64_t after,
                                        std::size_t most) {
  if (after > s.seq) {
    return fail(errc::invalid_argument, "after: the session has only " + std::to_string(s.seq),
                "after");
  }
  const auto same = is_connection(out->id());
  std::erase_if(subscribers_, [&](auto& r) { return same(r) || !r.out->open(); });
  if (subscribers_.size() >= most) {
    return fail(errc::resource_exhausted, "the session has as many readers as it may");
  }
  // The serving agent's connection hears everything already: it only fills in what is past.
  std::erase_if(owner_, same);
  if (auto* g = find_guest(agent_id{by.id})) std::erase_if(g->connections, same);
  const bool customer = by.role == "customer";
  subscription r{out, customer ? reader::customer : reader::agent, false, after, {}};
  if (!customer) r.who = by;
  subscribers_.push_back(std::move(r));
  return {};
}

void session_readers::catch_up(const session_state& s, std::uint64_t connection) {
  auto* r = find_subscriber(connection);
  if (!r) return;
  if (tail_.covers(r->cursor)) return go_live(s, *r);
  history_request h;
  h.what = history_request::purpose::subscriber;
  h.connection = connection;
  r->catching_up = true;
  ask_history(std::move(h), r->cursor);
}

void session_readers::unsubscribe(std::uint64_t connection) {
  std::erase_if(subscribers_, is_connection(connection));
}

template <class From>
std::vector<session_readers::subscription> session_readers::renewed(
    std::vector<subscription> before, const agent_id& who,
    const std::vector<outbox_ptr>& connections, const From& from) const {
  std::vector<subscription> now;
  for (auto& out : connections) {
    const auto same = is_connection(out->id());
    // Who has subscribed is told everything as it is.
    if (std::ranges::any_of(subscribers_, same)) continue;
    if (auto known = std::ranges::find_if(before, same); known != before.end()) {
      now.push_back(std::move(*known));
    } else {
      now.push_back({out, reader::agent, false, from(), participant{"agent", who.value, {}}});
    }
  }
  return now;
}

void session_readers::connected(const session_state& s, const agent_id& agent,
                                const std::vector<outbox_ptr>& connections) {
  if (auto* g = find_guest(agent)) {
    g->connections =
        renewed(std::move(g->connections), agent, connections, [&] { return g->from; });
    for (auto& r : g->connections) go_live(s, r);
    return;
  }
  const auto* who = s.serving ? &s.serving->agent : s.offer ? &s.offer->agent : nullptr;
  if (!who || who->id != agent.value) return;
  owner_ = renewed(std::move(owner_), agent, connections, [&] { return served_from(s); });
  for (auto& r : owner_) go_live(s, r);
}

void session_readers::add_guest(const agent_id& who, std::uint64_t from) {
  if (!find_guest(who)) guests_.push_back({who, from, {}});
}

bool session_readers::is_guest(const agent_id& who) const {
  return std::ranges::find(guests_, who, &guest::who) != guests_.end();
}

std::vector<agent_id> session_readers::guests() const {
  std::vector<agent_id> out;
  for (auto& g : guests_) out.push_back(g.who);
  return out;
}

void session_readers::remove_guest(const agent_id& who) {
  std::erase_if(subscribers_, [&](auto& r) { return r.who && r.who->id == who.value; });
  std::erase_if(guests_, [&](auto& g) { return g.who == who; });
}

void session_readers::unsubscribe_agents(const session_state& s) {
  std::erase_if(subscribers_, [&](auto& r) {
    return r.as == reader::agent &&
           !participants::find(s, r.who ? std::string_view(r.who->id) : std::string_view());
  });
}

void session_readers::guest_is_owner(const agent_id& who) {
  auto* g = find_guest(who);
  if (!g) return;
  owner_ = std::move(g->connections);
  std::erase_if(guests_, [&](auto& x) { return x.who == who; });
}

void session_readers::over() {
  owner_.clear();
  guests_.clear();
}

session_readers::guest* session_readers::find_guest(const agent_id& who) {
  auto at = std::ranges::find(guests_, who, &guest::who);
  return at == guests_.end() ? nullptr : &*at;
}

session_readers::subscription* session_readers::find_subscriber(std::uint64_t connection) {
  auto at = std::ranges::find_if(subscribers_, is_connection(connection));
  return at == subscribers_.end() ? nullptr : &*at;
}

void session_readers::go_live(const session_state& s, subscription& r) const {
  r.catching_up = false;
  tail_.after(r.cursor, [&](std::uint64_t seq, store::position at, std::string_view bytes) {
    session_codec::for_each(bytes, [&](const stored_event& e) { tell(r, s, seq, at, e); });
  });
}

/// An agent hears what happens from its assignment on; what came before it fetches by
/// session.events. Who is only offered the session hears nothing yet, though it may have served
/// before.
std::uint64_t session_readers::served_from(const session_state& s) const {
  auto from = s.seq;
  if (!s.serving) return from;
  tail_.after(0, [&](std::uint64_t seq, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](const stored_event& e) {
      if (e.kind == assigned_kind) from = seq - 1;
    });
  });
  return from;
}

// ---- the transcript

std::uint32_t session_readers::unread_after(const session_state& s, const participant& by,
                                            std::uint64_t message_seq) const {
  const bool customer = by.role == "customer";
  const auto before = customer ? s.unread_by_customer : s.unread_by_agent;
  if (!tail_.covers(message_seq)) return before;
  std::uint32_t left = 0;
  tail_.after(message_seq, [&](std::uint64_t, store::position, std::string_view bytes) {
    session_codec::for_each(bytes, [&](const stored_event& stored) {
      const auto e = stored.kind == message_kind ? session_codec::decode(stored) : std::nullopt;
      const auto* m = e ? std::get_if<event::message>(&e->what) : nullptr;
      if (!m || m->from.role == "system") return;
      left = (m->from.role == "customer") == customer ? 0 : left + 1;
    });
  });
  return std::min(left, before);
}

bool session_readers::ask_history(history_request r, std::uint64_t after) {
  if (history_.size() >= most_requests) return false;
  r.ticket = next_ticket_++;
  r.after = after;
  r.asked = false;
  history_.push_back(std::move(r));
  return true;
}

void session_readers::ask_archive(bool complete, session_effects& out) {
  if (!complete) return;
  for (auto& r : history_) {
    if (!std::exchange(r.asked, true)) out.push_back(effect::read_history{r.ticket, r.after});
  }
}

bool session_readers::waits_for_archive() const {
  return std::ranges::any_of(history_, [](auto& r) { return !r.asked; });
}

bool session_readers::asks_for(history_request::purpose what) const {
  return std::ranges::find(history_, what, &history_request::what) != history_.end();
}

std::optional<history_request> session_readers::take_request(std::uint64_t ticket) {
  auto at = std::ranges::find(history_, ticket, &history_request::ticket);
  if (at == history_.end()) return {};
  auto r = std::move(*at);
  history_.erase(at);
  return r;
}

bool session_readers::feed(const session_state& s, const history_request& r,
                           std::string_view events, std::uint64_t last, bool more) {
  auto* to = find_subscriber(r.connection);
  if (!to) return false;
  session_codec::for_each(events, [&](const stored_event& e) { tell(*to, s, e.seq, 0, e); });
  if (more || !joins(last, r.after)) return true;
  go_live(s, *to);
  return false;
}

void transcript_page::take(std::string_view events) {
  session_codec::for_each(events, [&](const stored_event& e) {
    if (e.seq <= last_ || full()) return;
    last_ = e.seq;
    if (!may_see(as_, e.seen_by)) return;
    std::string map, hollow;
    session_codec::append_event_map(map, s_.id, as_, as_shown(s_, e, hollow));
    items_.raw(map);
    ++n_;
  });
}

std::string transcript_page::pack(bool more) const {
  packer p;
  p.map(2).str("events").array(n_).raw(items_.view());
  p.str("more").boolean(more);
  return p.take();
}

}  // namespace switchboard
