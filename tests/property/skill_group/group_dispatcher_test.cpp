#include "actors/skill_group/group_dispatcher.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "actors/skill_group/agent_view.hpp"
#include "reference_dispatcher.hpp"

namespace switchboard::test {
namespace {

/// Random operations on a dispatcher and on the reference, which must agree after each.
class walk {
 public:
  walk(std::uint64_t seed, config::strategy s) : rng_(seed) {
    config::group_config o;
    o.strategy = s;
    o.order = roll(2) ? config::queue_order::aged : config::queue_order::strict;
    o.queue_max = 12 + roll(60);
    o.fill_after = millis{5'000 + roll(20'000)};
    o.ramp_per_agent_per_minute = roll(3) == 0 ? 6 : 0;
    agents_ = 2 + roll(roll(4) == 0 ? 60 : 14);
    sessions_ = 10 + roll(70);
    distinct_ = roll(2) ? 2 : 4;
    // Now and then so many skill profiles that the index keeps a tree over them.
    bool crowd = roll(8) == 0;
    if (crowd) agents_ = 100, distinct_ = 4;
    dispatcher_.emplace(o);
    model_.emplace(o);
    for (int i = 0; crowd && i < agents_; ++i) tell(a_view(agent_id("a" + std::to_string(i))));
  }

  void step() {
    switch (roll(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return enter();
      case 4:
        return update();
      case 5:
        return leave();
      case 6:
      case 7:
      case 8:
        return change_agent();
      case 9:
        return agent_gone();
      case 10:
      case 11:
      case 12:
        return match(roll(4) ? 1 + roll(3) : 1'000);
      case 13:
      case 14:
        return ask();
      case 15:
      case 16:
        return resolve(true);
      case 17:
        return resolve(false);
      case 18:
        now_ += millis{roll(3) ? roll(3'000) : roll(60'000)};
        return;
      default:
        return rare();
    }
  }

  void drain() { match(100'000); }

 private:
  int roll(int n) { return static_cast<int>(rng_() % static_cast<std::uint64_t>(n)); }
  agent_id an_agent() { return agent_id("a" + std::to_string(roll(agents_) * 7 % 100)); }
  session_id a_session() {
    session_id s;
    s.ulid[15] = static_cast<std::uint8_t>(1 + roll(sessions_));
    return s;
  }
  std::vector<skill_level> skills(int most, int level) {
    std::vector<skill_level> out;
    for (int k = 0; k < distinct_; ++k) {
      if (roll(3) < most)
        out.push_back({std::string(1, static_cast<char>('p' + k)), 1 + roll(level)});
    }
    return out;
  }
  queue_entry an_entry() {
    queue_entry c;
    c.session = a_session();
    c.opened_at = now_ - millis{roll(2) ? roll(40) * 500 : 0};
    c.priority = roll(3) ? 0 : roll(5) - 2;
    c.need.skills = skills(1, 3);
    static constexpr int weights[] = {1, 1, 1, 1, 2, 3, 6};
    c.need.weight = weights[roll(7)];
    if (roll(60) == 0) c.need.weight = 1 + roll(12);
    if (roll(4) == 0) {
      c.sticky = an_agent();
      c.sticky_until = now_ + millis{roll(30'000)};
    }
    while (roll(5) == 0) {
      auto a = an_agent();
      if (std::find(c.asked.begin(), c.asked.end(), a) == c.asked.end()) c.asked.push_back(a);
    }
    c.rings = roll(8) == 0;
    if (!c.asked.empty() && roll(3) == 0)
      c.handed_on_by = c.asked[static_cast<std::size_t>(roll(static_cast<int>(c.asked.size())))];
    return c;
  }
  agent_view a_view(const agent_id& id) {
    agent_view v;
    if (auto at = model_->agents.find(id); at != model_->agents.end() && roll(4))
      v = at->second.view;
    bool known = !v.id.empty();
    v.id = id;
    v.rev = ++rev_;
    if (!known || roll(6) == 0) v.skills = skills(2, 4);
    if (!known || roll(8) == 0) v.capacity = 1 + roll(7);
    if (!known || roll(5) == 0)
      v.status = roll(4) ? agent_status::online : static_cast<agent_status>(roll(6));
    v.used = roll(v.capacity + 1);
    if (roll(2)) v.last_assigned = now_ - millis{roll(8) * 1'000};
    if (roll(8) == 0) v.online_since = now_ - millis{roll(8) * 1'000};
    if (roll(4) == 0) v.assigned_today = roll(5);
    return v;
  }

  void enter() {
    auto c = an_entry();
    bool returning = roll(5) == 0;
    bool entered = model_->enter(c, now_, returning);
    auto outcome = dispatcher_->enter(c, now_, returning ? admission::returning : admission::fresh);
    ASSERT_EQ(outcome == enter_outcome::entered, entered);
    check_positions();
  }
  void update() {
    auto c = an_entry();
    if (auto at = model_->waiters.find(c.session); at != model_->waiters.end() && roll(2)) {
      auto asked = at->second.what.asked;
      c = at->second.what;
      for (auto& id : at->second.forgiven) {
        if (std::find(asked.begin(), asked.end(), id) == asked.end() && roll(4))
          asked.push_back(id);
      }
      c.asked = asked;
    }
    bool there = model_->waiters.contains(c.session);
    ASSERT_EQ(dispatcher_->update(c, now_), there);
    if (there) model_->update(c, now_);
    check_positions();
  }
  void leave() {
    auto s = a_session();
    bool there = model_->waiters.contains(s);
    ASSERT_EQ(dispatcher_->leave(s, now_), there);
    if (there) model_->leave(s, now_);
    check_positions();
  }
  void change_agent() {
    auto v = a_view(an_agent());
    if (roll(12) == 0) v.rev = static_cast<std::uint64_t>(1 + roll(static_cast<int>(rev_)));
    tell(v);
  }
  void tell(const agent_view& v) {
    ASSERT_EQ(dispatcher_->agent_changed(v, now_), model_->agent_changed(v, now_));
  }
  void agent_gone() {
    if (roll(3)) return;
    auto id = an_agent();
    dispatcher_->agent_gone(id, now_);
    model_->agent_gone(id, now_);
  }

  void match(int most) {
    for (int i = 0; i < most; ++i) {
      auto expected = model_->next(now_);
      auto got = dispatcher_->next_match(now_, choice_rng_);
      ASSERT_EQ(got.has_value(), expected.has_value())
          << (expected ? expected->session.text() + " by " + expected->agent.value
                       : got->who.session.text());
      if (!got) return;
      ASSERT_EQ(got->who.session, expected->session);
      if (got->why.eligible_is_exact) {
        ASSERT_EQ(got->why.eligible, expected->eligible.size());
      } else {
        ASSERT_TRUE(got->why.strategy == model_->options.strategy);
      }
      if (model_->options.strategy == config::strategy::random) {
        auto& can = expected->eligible;
        ASSERT_TRUE(std::find(can.begin(), can.end(), got->agent) != can.end());
      } else {
        ASSERT_EQ(got->agent.value, expected->agent.value)
            << key_text(got->why.strategy, got->why.winner_key, now_) << " before "
            << key_text(got->why.strategy, got->why.runner_up_key, now_);
        ASSERT_EQ(got->why.runner_up, expected->runner_up);
      }
      ASSERT_EQ(got->who.asked, model_->waiters.at(got->who.session).what.asked);
      ASSERT_EQ(got->new_round, model_->waiters.at(got->who.session).new_round);
      model_->propose(got->who.session, got->agent, now_);
    }
  }
  void ask() {
    auto id = an_agent();
    auto expected = model_->head_for(id, now_);
    auto got = dispatcher_->head_for(id, now_);
    ASSERT_EQ(got.has_value(), expected.has_value())
        << (expected ? expected->session.text() : got->session.text());
    if (!got) return;
    ASSERT_EQ(got->session, expected->session);
    if (roll(2)) return;
    ASSERT_TRUE(dispatcher_->mark_proposed(got->session, id, now_));
    model_->propose(got->session, id, now_);
  }
  void resolve(bool taken) {
    std::vector<session_id> proposed;
    for (auto& [id, w] : model_->waiters) {
      if (w.proposed) proposed.push_back(id);
    }
    if (proposed.empty()) return;
    auto s = proposed[static_cast<std::size_t>(roll(static_cast<int>(proposed.size())))];
    auto by = model_->waiters.at(s).by;
    std::optional<agent_view> fresh;
    if (roll(2)) fresh = a_view(by);
    if (taken) {
      ASSERT_TRUE(dispatcher_->proposal_taken(s, by, now_, fresh));
      model_->taken(s, fresh, now_);
    } else {
      auto why = static_cast<proposal_failure>(roll(4));
      ASSERT_TRUE(dispatcher_->proposal_failed(s, by, why, now_, fresh));
      model_->failed(s, why, fresh, now_);
    }
    check_positions();
  }
  void rare() {
    if (roll(4) == 0) {
      model_->open = !model_->open;
      dispatcher_->set_open(model_->open);
    } else if (roll(8) == 0) {
      auto o = model_->options;
      o.strategy = static_cast<config::strategy>(roll(7));
      o.order = roll(2) ? config::queue_order::aged : config::queue_order::strict;
      model_->options = o;
      dispatcher_->reconfigure(o, now_);
    }
  }
  void check_positions() {
    auto order = model_->order();
    ASSERT_EQ(dispatcher_->size(), order.size());
    for (std::size_t i = 0; i < order.size(); i += 1 + order.size() / 7)
      ASSERT_EQ(dispatcher_->position(order[i]), i + 1);
    std::optional<millis> oldest;
    for (auto& [id, w] : model_->waiters) {
      auto age = std::max(now_ - w.what.opened_at, millis{0});
      oldest = std::max(oldest.value_or(millis{0}), age);
    }
    ASSERT_EQ(dispatcher_->oldest(now_), oldest);
  }

  std::mt19937_64 rng_, choice_rng_{7};
  std::optional<group_dispatcher> dispatcher_;
  std::optional<reference_dispatcher> model_;
  timestamp now_ = from_unix_ms(1'700'000'000'000);
  std::uint64_t rev_ = 0;
  int agents_, sessions_, distinct_;
};

class agrees_with_the_reference : public testing::TestWithParam<config::strategy> {};

TEST_P(agrees_with_the_reference, in_choice_order_position_and_work_conservation) {
  const char* fixed = std::getenv("SWITCHBOARD_SEED");
  std::uint64_t first = fixed ? std::strtoull(fixed, nullptr, 10) : 1;
  std::uint64_t seeds = fixed ? 1 : 150;
  for (auto seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE("SWITCHBOARD_SEED=" + std::to_string(seed));
    walk w(seed, GetParam());
    for (int i = 0; i < 500; ++i) {
      w.step();
      if (HasFatalFailure()) FAIL() << "at step " << i;
    }
    w.drain();
    if (HasFatalFailure()) FAIL() << "at the end";
  }
}

INSTANTIATE_TEST_SUITE_P(every_strategy, agrees_with_the_reference,
                         testing::Values(config::strategy::longest_idle,
                                         config::strategy::least_loaded,
                                         config::strategy::round_robin,
                                         config::strategy::fewest_today,
                                         config::strategy::best_skill, config::strategy::top_down,
                                         config::strategy::random));

}  // namespace
}  // namespace switchboard::test
