#include <algorithm>

#include "actors/customer/customer_body.hpp"
#include "actors/customer/trail_extras.hpp"

namespace switchboard {
namespace {

/// Stands where a caller's connection would: hands the answer on to the person who asked.
class answer_catcher final : public outbox {
 public:
  explicit answer_catcher(customer_actor to) : to_(std::move(to)) {}
  void reply(std::uint32_t msgid, store::position, std::string packed) override {
    caf::anon_send(to_, call_answered{msgid, std::move(packed), {}});
  }
  void fail(std::uint32_t msgid, store::position, const error& why) override {
    caf::anon_send(to_, call_answered{msgid, {}, why.message});
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }

 private:
  customer_actor to_;
};

}  // namespace

/// Sessions come from the archive, orders from the trade center, leads from here: one answer.
void customer_body::call_history(customer_call& m) {
  auto at = services_.journal.last();
  if (trails_.size() >= services_.options.waiting) {
    return m.reply.fail(at, error{errc::resource_exhausted, "too many trails at once", {}, {}, 0});
  }
  auto& t = trails_.emplace_back();
  t.ticket = ++last_ticket_;
  t.deadline = now() + services_.options.orders_deadline;
  auto persons = customer_machine::shown_under(record_);
  t.asked = read_trail{person(),
                       m.number == 0 ? 20 : m.number,
                       std::move(m.reply),
                       {persons.begin() + 1, persons.end()},
                       lead_lines(record_.leads),
                       std::move(m.text),
                       {}};
  auto cursor_at = time_of_cursor(t.asked.before);
  if (services_.centers && services_.centers->trade) {
    auto catcher = std::make_shared<answer_catcher>(caf::actor_cast<customer_actor>(self_));
    for (auto& member : customer_machine::members_of(record_)) {
      center_call ask;
      ask.what = center_call::method::order_list;
      ask.member_id = member;
      ask.limit = std::min<std::uint64_t>(t.asked.limit + 1, 200);
      // An order of the cursor's own instant may stand behind it.
      if (cursor_at) ask.before = *cursor_at + millis{1};
      ask.reply = {catcher, static_cast<std::uint32_t>(t.ticket)};
      self_->send(services_.centers->trade, std::move(ask));
      ++t.answers_due;
    }
  }
  if (t.answers_due == 0) {
    finish_trail(t);
    trails_.pop_back();
  } else {
    arm(trails_.front().deadline);
  }
}

void customer_body::on_answered(const call_answered& m) {
  auto it = std::ranges::find(trails_, m.ticket, &trail_call::ticket);
  if (it == trails_.end()) return;
  if (m.trouble.empty()) {
    auto lines = order_lines(m.packed);
    it->asked.extra.insert(it->asked.extra.end(), lines.begin(), lines.end());
  } else {
    it->asked.trouble = "orders: " + m.trouble;
  }
  if (--it->answers_due > 0) return;
  finish_trail(*it);
  trails_.erase(it);
}

void customer_body::finish_trail(trail_call& t) {
  self_->send(services_.directory.archive, std::move(t.asked));
}

/// A slow trade center does not hold up the trail.
void customer_body::late_orders() {
  while (!trails_.empty() && trails_.front().deadline <= now()) {
    auto& t = trails_.front();
    t.asked.trouble = "orders: no answer within " +
                      std::to_string(services_.options.orders_deadline.count()) + " ms";
    finish_trail(t);
    trails_.pop_front();
  }
}

}  // namespace switchboard
