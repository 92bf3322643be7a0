#include <algorithm>

#include "actors/customer/customer_directory_body.hpp"
#include "actors/customer/trail_extras.hpp"

namespace switchboard {
namespace {

/// Stands where a caller's connection would: hands the answer on to the directory
/// of the person whose trail it is.
class answer_catcher final : public outbox {
 public:
  explicit answer_catcher(customer_directory_actor to) : to_(std::move(to)) {}
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
  customer_directory_actor to_;
};

}  // namespace

/// Sessions come from the archive, orders from the trade center, leads from here: one answer.
void awake_customer::call_history(customer_call& m) {
  auto persons = customer_machine::shown_under(record_);
  home_.ask_orders(read_trail{person(),
                              m.number == 0 ? 20 : m.number,
                              std::move(m.reply),
                              {persons.begin() + 1, persons.end()},
                              lead_lines(record_.leads),
                              std::move(m.text),
                              {}},
                   customer_machine::members_of(record_));
}

void customer_directory_body::ask_orders(read_trail asked,
                                         const std::vector<std::string>& members) {
  const bool nobody_to_ask = members.empty() || !services_.centers || !services_.centers->trade;
  if (nobody_to_ask) return self_->send(services_.directory.archive, std::move(asked));
  if (trails_.size() >= services_.options.trails) {
    asked.trouble = "orders: too many trails wait for them";
    return self_->send(services_.directory.archive, std::move(asked));
  }
  auto& t = trails_.emplace_back();
  t.ticket = ++last_ticket_;
  t.deadline = now() + services_.options.orders_deadline;
  t.answers_due = members.size();
  t.asked = std::move(asked);
  auto cursor_at = time_of_cursor(t.asked.before);
  auto catcher = std::make_shared<answer_catcher>(caf::actor_cast<customer_directory_actor>(self_));
  for (auto& member : members) {
    center_call ask;
    ask.what = center_call::method::order_list;
    ask.member_id = member;
    ask.limit = std::min<std::uint64_t>(t.asked.limit + 1, 200);
    // An order of the cursor's own instant may stand behind it.
    if (cursor_at) ask.before = *cursor_at + millis{1};
    ask.reply = {catcher, t.ticket};
    self_->send(services_.centers->trade, std::move(ask));
  }
}

void customer_directory_body::on_answered(const call_answered& m) {
  // In the order of their tickets, which may begin anew.
  auto behind_first = [&](std::uint32_t ticket) { return ticket - trails_.front().ticket; };
  if (trails_.empty()) return;
  auto it =
      std::ranges::lower_bound(trails_, behind_first(static_cast<std::uint32_t>(m.ticket)), {},
                               [&](const trail_call& t) { return behind_first(t.ticket); });
  if (it == trails_.end() || it->ticket != m.ticket) return;
  if (m.trouble.empty()) {
    auto lines = order_lines(m.packed);
    it->asked.extra.insert(it->asked.extra.end(), lines.begin(), lines.end());
  } else {
    it->asked.trouble = "orders: " + m.trouble;
  }
  if (--it->answers_due > 0) return;
  self_->send(services_.directory.archive, std::move(it->asked));
  trails_.erase(it);
}

/// A slow trade center does not hold up the trail.
void customer_directory_body::late_orders() {
  while (!trails_.empty() && trails_.front().deadline <= now()) {
    auto& t = trails_.front();
    t.asked.trouble = "orders: no answer within " +
                      std::to_string(services_.options.orders_deadline.count()) + " ms";
    self_->send(services_.directory.archive, std::move(t.asked));
    trails_.pop_front();
  }
}

}  // namespace switchboard
