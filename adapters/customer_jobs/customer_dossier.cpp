#include "adapters/customer_jobs/customer_dossier.hpp"

#include "actors/customer/customer_merging.hpp"
#include "actors/read_model/projection/customer_changes.hpp"
#include "actors/read_model/projection/customer_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/session/session_codec.hpp"

namespace switchboard {
namespace {

constexpr std::size_t changes_a_step = 200, sessions_a_step = 200;

bool send_part(work_stream& to, std::string_view part, std::string_view packed,
               const session_id* session = nullptr) {
  codec::packer p;
  field(p, "part", part);
  if (session) field(p, "session_id", session->text());
  p.str("data").raw(packed);
  return to.send("customer.part", session ? 3 : 2, p.view());
}

bool send_changes(const store::state& state, work_stream& to, const person_id& person) {
  std::string before;
  do {
    auto page = projecting::read_changes(*state.view(), person, before, changes_a_step);
    if (!page) return false;
    for (auto& row : page->rows) {
      if (!send_part(to, "change", codec::pack(row, codec::audience::client))) return false;
    }
    before = page->next;
  } while (!before.empty());
  return true;
}

bool send_events(const store::state& state, work_stream& to, const session_id& session) {
  projecting::transcript_page page;
  do {
    page = projecting::read_transcript(*state.view(), session, page.last,
                                       {.events = 200, .bytes = 24 * 1024});
    std::string maps;
    std::uint32_t n = 0;
    session_codec::for_each(page.events, [&](const session_codec::stored_event& e) {
      if (!may_see(reader::agent, e.seen_by)) return;
      session_codec::append_event_map(maps, session, reader::agent, e);
      ++n;
    });
    codec::packer list;
    list.array(n).raw(maps);
    if (n > 0 && !send_part(to, "events", list.view(), &session)) return false;
  } while (page.more);
  return true;
}

bool send_sessions(const store::state& state, work_stream& to, const person_id& person) {
  std::vector<trail_entry> all;
  projecting::for_each_in_trail(*state.view(), person, [&](const trail_entry& e) {
    all.push_back(e);
    return true;
  });
  for (auto& e : all) {
    if (!send_part(to, "session", codec::pack(e, codec::audience::client), &e.session))
      return false;
    if (!send_events(state, to, e.session)) return false;
  }
  return true;
}

}  // namespace

void send_dossier(const customer_jobs_services& services, work_stream& to,
                  const person_id& person) {
  auto& state = services.state;
  auto shown = projecting::read_shown(*state.view(), person);
  if (shown.blank())
    return to.failed(
        {errc::not_found, "customer_id: there is no such customer", "customer_id", {}, 0});
  for (auto& p : customer_machine::shown_under(shown)) {
    auto r = projecting::read_customer(*state.view(), p);
    // Answers kept for repeated calls are nobody's data.
    r.answered.clear();
    if (!send_part(to, "customer", codec::pack(r, codec::audience::client))) return;
    if (!send_changes(state, to, p) || !send_sessions(state, to, p)) return;
  }
  to.done(0, {});
}

}  // namespace switchboard
