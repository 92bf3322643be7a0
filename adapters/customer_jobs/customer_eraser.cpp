#include "adapters/customer_jobs/customer_eraser.hpp"

#include <future>
#include <set>

#include "actors/customer/customer_merging.hpp"
#include "actors/read_model/projection/customer_changes.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/session_reading.hpp"

namespace switchboard {
namespace {

constexpr millis projection_patience{60'000}, call_patience{10'000}, memory_patience{180'000};
constexpr millis look_again{500};
constexpr std::size_t sessions_a_record = 200;

/// Takes the answer to one call for a thread that waits for it.
class waiting_outbox final : public outbox {
 public:
  void reply(std::uint32_t, store::position after, std::string) override {
    answer_.set_value(after);
  }
  void fail(std::uint32_t, store::position, const error& why) override {
    answer_.set_value(tl::unexpected(why));
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }
  std::future<result<store::position>> answer() { return answer_.get_future(); }

 private:
  std::promise<result<store::position>> answer_;
};

}  // namespace

void customer_eraser::run(const person_id& person, bool dry_run) {
  if (auto ok = survey(person); !ok) return to_.failed(ok.error());
  if (dry_run) return tell(true, 0);
  if (auto ok = wait_until_asleep(); !ok) return to_.failed(ok.error());
  if (auto ok = forget_files(); !ok) return to_.failed(ok.error());
  auto before = rewrite();
  if (!before) return to_.failed(before.error());
  // While the history still tells who they are: cut short, the next call finds them again.
  if (auto ok = have_them_forgotten(); !ok) return to_.failed(ok.error());
  if (auto ok = record_erasure(); !ok) return to_.failed(ok.error());
  auto after = rewrite();
  if (!after) return to_.failed(after.error());
  services_.want_compaction();
  tell(false, *before + *after);
}

result<void> customer_eraser::survey(const person_id& person) {
  if (!services_.wait_projected(services_.journal.last(), projection_patience))
    return fail(errc::deadline_exceeded, "the projector is too far behind; try again");
  auto view = services_.state.view();
  auto shown = projecting::read_shown(*view, person);
  if (shown.blank())
    return fail(errc::not_found, "customer_id: there is no such customer", "customer_id");
  persons_ = customer_machine::shown_under(shown);
  leads_ = shown.leads.size();
  result<void> live;
  for (auto& p : persons_) {
    what_.persons.insert(p.value);
    auto& sessions = sessions_.emplace_back();
    projecting::for_each_in_trail(*view, p, [&](const trail_entry& e) {
      auto s = projecting::read_session(*view, e.session);
      if (s && !s->over()) {
        live = fail(errc::failed_precondition,
                    "customer_id: session " + e.session.text() + " is not over: close it first",
                    "customer_id");
        return false;
      }
      sessions.push_back(e.session);
      what_.sessions.insert(e.session);
      return true;
    });
    if (!live) return live;
  }
  return survey_merges(*view);
}

/// The history of each tells with whom it was ever merged.
result<void> customer_eraser::survey_merges(const store::state_view& view) {
  constexpr std::size_t page_of = 200;
  std::set<std::pair<std::string, std::string>> found;
  for (auto& p : persons_) {
    for (std::string from;;) {
      auto page = projecting::read_changes(view, p, from, page_of);
      if (!page) return tl::unexpected(page.error());
      for (auto& row : page->rows) {
        if (row.what != "merge") continue;
        for (auto& other : {row.before, row.after}) {
          if (!other.empty() && !what_.persons.contains(other)) found.emplace(other, p.value);
        }
      }
      if (page->next.empty()) break;
      from = page->next;
    }
  }
  for (auto& [other, p] : found) once_merged_.emplace_back(other, p);
  return {};
}

result<void> customer_eraser::wait_until_asleep() {
  auto deadline = services_.clock.now() + memory_patience;
  auto awake = [&] {
    std::size_t n = 0;
    for (auto& s : what_.sessions) n += services_.directory.sessions.find(s) ? 1 : 0;
    return n;
  };
  for (auto n = awake(); n > 0; n = awake()) {
    if (services_.clock.now() > deadline)
      return fail(
          errc::failed_precondition,
          std::to_string(n) + " of the customer's sessions are still in memory; try again later");
    if (!to_.progress(0, what_.sessions.size(), n) || !to_.pause(look_again))
      return fail(errc::aborted, "cancelled; nothing was erased");
  }
  return {};
}

result<void> customer_eraser::forget_files() {
  std::vector<std::string> sessions;
  for (auto& s : what_.sessions) sessions.push_back(s.text());
  auto files = services_.forget_files(sessions);
  if (!files) return tl::unexpected(files.error());
  files_ = *files;
  return {};
}

result<std::size_t> customer_eraser::rewrite() {
  return services_.rewrite(
      [this](const store::placed_record& r) { return projecting::edit_for(what_, r); });
}

result<void> customer_eraser::have_them_forgotten() {
  for (auto& [other, erased] : once_merged_) {
    customer_call call;
    call.method = customer_method::erase;
    call.person = other;
    call.other = erased.value;
    call.by = by_;
    if (auto ok = ask(call); !ok) return ok;
  }
  return {};
}

result<void> customer_eraser::record_erasure() {
  for (std::size_t i = persons_.size(); i-- > 0;) {
    customer_call call;
    call.person = persons_[i];
    call.by = by_;
    auto& all = sessions_[i];
    for (std::size_t from = 0; from < all.size(); from += sessions_a_record) {
      auto end =
          all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), from + sessions_a_record));
      call.method = customer_method::erase_sessions;
      call.sessions.assign(all.begin() + static_cast<std::ptrdiff_t>(from), end);
      if (auto ok = ask(call); !ok) return ok;
    }
    call.method = customer_method::erase;
    call.sessions.clear();
    if (auto ok = ask(call); !ok) return ok;
  }
  if (!services_.wait_projected(services_.journal.last(), projection_patience))
    return fail(errc::deadline_exceeded,
                "erased, but the projector is too far behind to see it; ask again");
  return {};
}

result<void> customer_eraser::ask(customer_call call) {
  auto out = std::make_shared<waiting_outbox>();
  auto answer = out->answer();
  call.reply = {out, 0};
  auto directory = services_.directory.customers_of(call.person);
  caf::anon_send(directory, std::move(call));
  if (answer.wait_for(call_patience) != std::future_status::ready)
    return fail(errc::deadline_exceeded, "the customer does not answer; ask again");
  auto got = answer.get();
  if (!got) return tl::unexpected(got.error());
  return {};
}

void customer_eraser::tell(bool dry_run, std::size_t records) {
  codec::packer p;
  p.str("dry_run").boolean(dry_run);
  p.str("customers").array(static_cast<std::uint32_t>(persons_.size()));
  for (auto& x : persons_) p.str(x.value);
  p.str("sessions").uinteger(what_.sessions.size());
  p.str("leads").uinteger(leads_);
  p.str("records_rewritten").uinteger(records);
  p.str("files_removed").uinteger(files_);
  to_.done(6, p.view());
}

}  // namespace switchboard
