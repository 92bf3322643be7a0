#include <algorithm>

#include "tests/simulation/stage.hpp"

namespace switchboard::simulation {
namespace {

/// Routing scenario 3: 100 places (50 agents with 2 each), 300 customers by eight clients at once.
/// The ledger counts every agent's use at every record.
TEST(hammer, hundreds_of_openings_at_once_never_fill_an_agent_past_the_limit) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    stage s(plain_deployment(50, 2), seed);
    s.everybody_online();
    std::vector<simulated_customer*> all;
    for (int i = 0; i < 300; ++i) all.push_back(&s.customer());
    // Eight clients, each sending its share one after the other, all of them between any two
    // messages of the actors.
    for (std::size_t i = 0; i < all.size(); i += 8) {
      for (std::size_t c = i; c < std::min(i + 8, all.size()); ++c) all[c]->open();
      s.node.run(5);
      EXPECT_LE(s.count(session_phase::active), 100);
    }
    s.node.pass(millis{1'000});
    EXPECT_EQ(s.count(session_phase::active), 100);
    EXPECT_EQ(s.count(session_phase::waiting), 200);
    for (auto& a : s.node.standings()) EXPECT_EQ(a.used, 2) << a.id.value;

    // Some end: the oldest of those who wait get the places.
    std::vector<const session_state*> waiting;
    for (auto& [id, page] : s.node.truth().sessions()) {
      if (page.state.phase == session_phase::waiting) waiting.push_back(&page.state);
    }
    std::ranges::sort(waiting, [](auto* a, auto* b) {
      return std::tie(a->opened_at, a->id) < std::tie(b->opened_at, b->id);
    });
    std::size_t closed = 0;
    for (auto& c : all) {
      if (closed < 25 && s.phase(*c) == session_phase::active) {
        c->close();
        ++closed;
        s.node.pass(millis{20});
      }
    }
    EXPECT_EQ(s.count(session_phase::active), 100);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      EXPECT_EQ(waiting[i]->phase, i < 25 ? session_phase::active : session_phase::waiting)
          << i << " of the waiters, seed " << seed;
    }
    s.check();
  }
}

}  // namespace
}  // namespace switchboard::simulation
