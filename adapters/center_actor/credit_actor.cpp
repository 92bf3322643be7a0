#include "adapters/center_actor/credit_actor.hpp"

#include <map>

#include "adapters/center_actor/card_stamp.hpp"
#include "adapters/center_actor/credit_match.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

/// What an agent's cards came to.
struct tally {
  std::int64_t shown = 0, clicked = 0, bought = 0;
  std::map<std::string, std::int64_t> amounts;  // hundredths by currency

  void add(const card_row& row) {
    ++shown;
    clicked += row.clicked_at.has_value();
    if (row.order_id.empty()) return;
    ++bought;
    amounts[row.amount_currency] += row.amount_hundredths;
  }
};

void pack_tally(packer& p, const std::string& agent, const tally& t) {
  p.map(5);
  field(p, "agent", agent);
  field(p, "shown", t.shown);
  field(p, "clicked", t.clicked);
  field(p, "bought", t.bought);
  p.str("amounts_hundredths").map(static_cast<std::uint32_t>(t.amounts.size()));
  for (auto& [currency, sum] : t.amounts) field(p, currency, sum);
}

std::string packed_orders(const std::vector<center::order_record>& orders) {
  packer p;
  p.array(static_cast<std::uint32_t>(orders.size()));
  for (auto& o : orders) {
    p.array(5).str(o.id).time(o.created).integer(static_cast<int>(o.state)).str(o.currency);
    p.array(static_cast<std::uint32_t>(o.items.size()));
    for (auto& i : o.items)
      p.array(3).str(i.product_id).integer(i.quantity).integer(i.price_hundredths);
  }
  return p.take();
}

std::vector<center::order_record> unpacked_orders(const std::string& bytes) {
  std::vector<center::order_record> out;
  auto handle = msgpack::unpack(bytes.data(), bytes.size());
  for (auto& o : handle.get().as<std::vector<msgpack::object>>()) {
    auto parts = o.as<std::vector<msgpack::object>>();
    auto& order = out.emplace_back();
    order.id = parts.at(0).as<std::string>();
    order.created = from_unix_ms(parts.at(1).as<std::int64_t>());
    order.state = static_cast<center::order_state>(parts.at(2).as<int>());
    order.currency = parts.at(3).as<std::string>();
    for (auto& i : parts.at(4).as<std::vector<msgpack::object>>()) {
      auto item = i.as<std::vector<msgpack::object>>();
      order.items.push_back(
          {item.at(0).as<std::string>(), {}, item.at(1).as<int>(), item.at(2).as<std::int64_t>()});
    }
  }
  return out;
}

class credit_body {
 public:
  static inline const char* name = "credit";

  credit_body(credit_actor::pointer self, actor_probe& probe, const credit_services& services)
      : self_(self),
        services_(services),
        probe_(services.probes.enrol(probe, actor_kind::adapter, "credit")) {}

  credit_actor::behavior_type make_behavior() {
    arm();
    return {
        [this](const credit_call& m) { on_report(m); },
        [this](const member_orders& m) { on_orders(m); },
        [this](const timer_fired& m) { on_timer(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  /// A round asks for so many members, and looks at so many cards, at most.
  static constexpr std::size_t most_members = 200, most_cards = 20'000;

  void arm() {
    if (services_.options.every <= millis{0}) return;
    timer_.arm(services_.clock.now() + services_.options.every);
  }

  void on_timer(const timer_fired& m) {
    if (!timer_.rang(m.generation)) return;
    ++round_;
    // First: a row that is damaged ends this round, and not those after it.
    arm();
    waiting_.clear();
    auto now = wall_time(services_.clock);
    auto view = services_.state.view();
    std::size_t seen = 0;
    // Who comes after the last one asked in the round before, then from the beginning.
    projecting::for_each_unbought(*view, now - services_.options.within, [&](const card_row& row) {
      waiting_[row.member_id].push_back(row);
      return ++seen < most_cards;
    });
    auto at = waiting_.upper_bound(last_member_);
    std::size_t asked = 0;
    for (std::size_t i = 0; i < waiting_.size() && asked < most_members; ++i, ++asked) {
      if (at == waiting_.end()) at = waiting_.begin();
      ask(at->first, at->second);
      last_member_ = at->first;
      ++at;
    }
  }

  void ask(const std::string& member, const std::vector<card_row>& cards) {
    center::order_query q;
    q.most = 100;
    for (auto& c : cards)
      q.from = q.from == timestamp::min() ? c.shown_at : std::min(q.from, c.shown_at);
    auto me = caf::actor_cast<credit_actor>(self_);
    services_.client->orders_of(
        member, q, center::freshness::kept,
        [me, member, round = round_](center::answered<std::vector<center::order_record>> a) {
          // One that does not answer is asked again in a later round.
          if (!a.value || a.value->empty()) return;
          caf::anon_send(me, member_orders{round, member, {packed_orders(*a.value)}});
        });
  }

  void on_orders(const member_orders& m) {
    auto at = waiting_.find(m.member_id);
    if (m.round != round_ || at == waiting_.end()) return;
    for (auto& one :
         match_orders(at->second, unpacked_orders(m.orders.bytes), services_.options.within)) {
      session_call call;
      call.method = session_method::card_bought;
      call.session = one.session;
      call.by = {"system", "", ""};
      call.body.bytes = codec::pack(one.what);
      to_session(services_.directory, std::move(call));
      ++found_;
    }
  }

  void on_report(const credit_call& m) {
    constexpr std::size_t most = 100'000;
    std::map<std::string, tally> by_agent;
    std::size_t seen = 0;
    bool more = false;
    projecting::for_each_card(*services_.state.view(), m.agent, m.from, m.to,
                              [&](const card_row& row) {
                                more = seen++ >= most;
                                if (!more) by_agent[row.agent].add(row);
                                return !more;
                              });
    packer p;
    p.map(2).str("agents").array(static_cast<std::uint32_t>(by_agent.size()));
    for (auto& [agent, t] : by_agent) pack_tally(p, agent, t);
    p.str("more").boolean(more);
    m.reply.ok(0, p.take());
  }

  void on_status(const status_request& m) {
    packer p;
    p.map(3).str("rounds").uinteger(round_);
    p.str("members").uinteger(waiting_.size());
    p.str("found").uinteger(found_);
    m.reply.ok(0, p.take());
  }

  credit_actor::pointer self_;
  const credit_services& services_;
  probe_registry::enrolment probe_;
  std::uint64_t round_ = 0, found_ = 0;
  /// The cards of the round under way, by member.
  std::map<std::string, std::vector<card_row>> waiting_;
  std::string last_member_;
  actor_timer timer_{*services_.directory.timers, self_};
};

}  // namespace

credit_actor spawn_credit(caf::actor_system& system, const credit_services& services) {
  return system.spawn<hosted_actor<credit_actor, credit_body>>(std::cref(services));
}

}  // namespace switchboard
