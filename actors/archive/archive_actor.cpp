#include "actors/archive/archive_actor.hpp"

#include <algorithm>

#include "actors/projection/left_message_projection.hpp"
#include "actors/projection/session_reading.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

class archive_body {
 public:
  static inline const char* name = "archive";
  static constexpr std::uint64_t most_entries = 200;

  archive_body(archive_actor::pointer self, const archive_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(actor_kind::archive, "archive")) {
    probe_->state = "reading";
  }

  archive_actor::behavior_type make_behavior() {
    return {
        [this](const read_messages& m) { on_messages(m); },
        [this](const read_history& m) { on_history(m); },
        [this](const load_session& m) { on_load(m); },
        [this](const read_trail& m) { on_trail(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  void on_history(const read_history& m) {
    probe_->note(services_.clock.now());
    auto page = projecting::read_transcript(*services_.state.view(), m.session, m.after);
    if (auto asker = caf::actor_cast<session_actor>(self_->current_sender())) {
      self_->send(asker, history_page{m.ticket, std::move(page.events), page.last, page.more});
    }
  }

  /// Groups in the order of their ids, each oldest first.
  void on_messages(const read_messages& m) {
    probe_->note(services_.clock.now());
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
      projecting::for_each_left_message(*view, g, after, [&](std::string_view, const left_message_row& row) {
        more = n == limit;
        if (more) return false;
        codec::pack_value(entries, row, codec::audience::client);
        last = projecting::left_message_cursor(row);
        ++n;
        return true;
      });
      if (more) break;
    }
    codec::packer p;
    p.map(more ? 3 : 2).str("messages").array(n).raw(entries.view()).str("more").boolean(more);
    if (more) field(p, "cursor", last);
    m.reply.ok(0, p.take());
  }

  void on_load(const load_session& m) {
    probe_->note(services_.clock.now());
    auto found = projecting::read_session(*services_.state.view(), m.session);
    if (auto asker = caf::actor_cast<directory_actor>(self_->current_sender())) {
      self_->send(asker, session_loaded{m.session, found ? codec::pack(*found) : std::string{}});
    }
  }

  void on_trail(const read_trail& m) {
    probe_->note(services_.clock.now());
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
    auto limit = std::clamp<std::uint64_t>(m.limit, 1, most_entries);
    codec::packer entries;
    std::uint32_t n = 0;
    bool more = false;
    projecting::for_each_in_trail(*view, person, [&](const trail_entry& e) {
      more = n == limit;
      if (more) return false;
      codec::pack_value(entries, e, codec::audience::client);
      ++n;
      return true;
    });
    codec::packer p;
    p.map(2).str("entries").array(n).raw(entries.view()).str("more").boolean(more);
    // What is projected is durable: nothing to wait for.
    m.reply.ok(0, p.take());
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(2).str("handled").uinteger(probe_->handled);
    p.str("projected").uinteger(services_.state.projected());
    m.reply.ok(0, p.take());
  }

  archive_actor::pointer self_;
  const archive_services& services_;
  std::shared_ptr<actor_probe> probe_;
};

}  // namespace

archive_actor spawn_archive(caf::actor_system& system, const archive_services& services,
                            archive_thread on) {
  using shell = hosted_actor<archive_actor, archive_body>;
  if (on == archive_thread::own) return system.spawn<shell, caf::detached>(std::cref(services));
  return system.spawn<shell>(std::cref(services));
}

}  // namespace switchboard
