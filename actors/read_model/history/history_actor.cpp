#include "actors/read_model/history/history_actor.hpp"

#include <algorithm>

#include "actors/messages/history_trouble.hpp"
#include "actors/read_model/projection/customer_changes.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/left_message_projection.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/projection/trail_reading.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {
namespace {

class history_body {
 public:
  static inline const char* name = "archive";
  static constexpr std::uint64_t most_entries = 200;

  history_body(history_actor::pointer self, actor_probe& probe, const history_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::archive, "archive")) {
    probe_->state = "reading";
  }

  history_actor::behavior_type make_behavior() {
    return {
        [this](const read_messages& m) { answer(m.reply, [&] { on_messages(m); }); },
        [this](const read_history& m) { on_history(m); },
        [this](const load_session& m) { on_load(m); },
        [this](const read_trail& m) { answer(m.reply, [&] { on_trail(m); }); },
        [this](const read_changes& m) { answer(m.reply, [&] { on_changes(m); }); },
        [this](const search_customers& m) { answer(m.reply, [&] { on_search(m); }); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  /// What is damaged in the state is said there; whoever asked is told so.
  template <class Read> static void answer(const reply_to& to, Read read) {
    try {
      read();
    } catch (const store::damaged_data& e) {
      to.fail(0, error{errc::internal, e.what(), {}, {}, 0});
    }
  }

  void on_history(const read_history& m) {
    history_page answer{m.ticket, {}, history_is_damaged, false};
    try {
      auto page = projecting::read_transcript(*services_.state.view(), m.session, m.after);
      answer = {m.ticket, std::move(page.events), page.last, page.more};
    } catch (const store::damaged_data&) {
    }
    if (auto asker = caf::actor_cast<session_actor>(self_->current_sender()))
      self_->send(asker, std::move(answer));
  }

  /// Groups in the order of their ids, each oldest first.
  void on_messages(const read_messages& m) {
    auto view = services_.state.view();
    auto limit = std::clamp<std::uint64_t>(m.limit, 1, most_entries);
    auto groups = m.groups;
    std::ranges::sort(groups);
    codec::packer entries;
    std::uint32_t n = 0;
    bool more = false;
    std::string last;
    const auto after = projecting::left_message_key(m.after);
    const auto begun = after.substr(0, after.find('\0'));
    for (auto& g : groups) {
      // A cursor lies in one group: those before it are done with.
      if (g.value < begun) continue;
      projecting::for_each_left_message(*view, g, after,
                                        [&](std::string_view, const left_message_row& row) {
                                          more = n == limit;
                                          if (more) return false;
                                          codec::pack_value(entries, row, codec::audience::client);
                                          last = projecting::left_message_cursor(row);
                                          ++n;
                                          return true;
                                        });
      if (more) break;
    }
    // Counted once, with the first page, for it looks at every row.
    const bool first = m.after.empty();
    codec::packer p;
    p.map(2 + (more ? 1 : 0) + (first ? 1 : 0))
        .str("messages")
        .array(n)
        .raw(entries.view())
        .str("more")
        .boolean(more);
    if (more) field(p, "cursor", last);
    if (first) {
      std::uint64_t open = n;
      if (more) {
        open = 0;
        for (auto& g : groups) open += projecting::count_left_messages(*view, g);
      }
      p.str("open").uinteger(open);
    }
    m.reply.ok(0, p.take());
  }

  void on_load(const load_session& m) {
    std::optional<session_state> found;
    try {
      found = projecting::read_session(*services_.state.view(), m.session);
    } catch (const store::damaged_data&) {
      // Said by the state; to who asks it is a session that is not there any more.
    }
    if (auto asker = caf::actor_cast<directory_actor>(self_->current_sender())) {
      self_->send(asker, session_loaded{m.session, found ? codec::pack(*found) : std::string{}});
    }
  }

  void on_trail(const read_trail& m) {
    auto view = services_.state.view();
    auto person = m.person;
    // A session's id stands for its person.
    if (auto session = session_id::parse(person.value)) {
      auto found = projecting::read_session(*view, *session);
      if (!found || found->person.empty()) {
        return m.reply.fail(
            0, error{errc::not_found, "session_id: nobody is known by it", "session_id", {}, 0});
      }
      person = found->person;
    }
    std::optional<projecting::trail_cursor> before;
    if (!m.before.empty()) {
      auto cursor = projecting::trail_cursor_of(m.before);
      if (!cursor) return m.reply.fail(0, cursor.error());
      before = std::move(*cursor);
    }
    auto persons = m.also;
    persons.insert(persons.begin(), std::move(person));
    std::vector<projecting::trail_line> extra;
    for (auto& x : m.extra) extra.push_back({x.at, x.kind, x.id, x.line.bytes});
    auto page = projecting::read_trail_page(*view, persons, std::move(extra), before,
                                            std::clamp<std::uint64_t>(m.limit, 1, most_entries));
    codec::packer p;
    p.map(2 + (page.next.empty() ? 0 : 1) + (m.trouble.empty() ? 0 : 1));
    p.str("entries").array(static_cast<std::uint32_t>(page.lines.size()));
    for (auto& l : page.lines) p.raw(l.packed);
    p.str("more").boolean(!page.next.empty());
    if (!page.next.empty()) field(p, "next", page.next);
    if (!m.trouble.empty()) field(p, "trouble", m.trouble);
    // What is projected is durable: nothing to wait for.
    m.reply.ok(0, p.take());
  }

  void on_changes(const read_changes& m) {
    auto limit = std::clamp<std::uint64_t>(m.limit, 1, most_entries);
    auto page = projecting::read_changes(*services_.state.view(), m.person, m.before, limit);
    if (!page) return m.reply.fail(0, page.error());
    codec::packer p;
    p.map(page->next.empty() ? 2 : 3);
    codec::pack_value(p.str("changes"), page->rows, codec::audience::client);
    p.str("more").boolean(!page->next.empty());
    if (!page->next.empty()) field(p, "next", page->next);
    m.reply.ok(0, p.take());
  }

  void on_search(const search_customers& m) {
    projecting::customer_query q{m.name,  m.phone,
                                 m.email, m.tag,
                                 m.after, std::clamp<std::uint64_t>(m.limit, 1, most_entries)};
    auto page = projecting::search_customers(*services_.state.view(), q);
    if (!page) return m.reply.fail(0, page.error());
    codec::packer p;
    p.map(page->next.empty() ? 2 : 3);
    p.str("customers").array(static_cast<std::uint32_t>(page->found.size()));
    for (auto& r : page->found)
      codec::pack_value(p, projecting::line_of(r), codec::audience::client);
    p.str("more").boolean(!page->next.empty());
    if (!page->next.empty()) field(p, "next", page->next);
    m.reply.ok(0, p.take());
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(2).str("handled").uinteger(probe_->handled);
    p.str("projected").uinteger(services_.state.projected());
    m.reply.ok(0, p.take());
  }

  history_actor::pointer self_;
  const history_services& services_;
  probe_registry::enrolment probe_;
};

}  // namespace

history_actor spawn_history(caf::actor_system& system, const history_services& services,
                            history_thread on) {
  using shell = hosted_actor<history_actor, history_body>;
  if (on == history_thread::own) return system.spawn<shell, caf::detached>(std::cref(services));
  return system.spawn<shell>(std::cref(services));
}

}  // namespace switchboard
