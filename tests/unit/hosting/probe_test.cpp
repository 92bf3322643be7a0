#include "runtime/hosting/probe.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(probe_registry, counts_whoever_lives_and_nobody_else) {
  probe_registry probes;
  auto of = [&](actor_kind k) { return probes.counts()[static_cast<std::size_t>(k)]; };
  std::vector<std::shared_ptr<actor_probe>> sessions;
  for (int i = 0; i < 100; ++i)
    sessions.push_back(probes.enrol(actor_kind::session, "s" + std::to_string(i)));
  auto agent = probes.enrol(actor_kind::agent, "lin");
  EXPECT_EQ(of(actor_kind::session), 100u);
  EXPECT_EQ(of(actor_kind::agent), 1u);
  sessions.resize(40);
  agent.reset();
  EXPECT_EQ(of(actor_kind::session), 40u);
  EXPECT_EQ(of(actor_kind::agent), 0u);
  EXPECT_EQ(probes.top({}, 1000).size(), 40u);
}

}  // namespace
}  // namespace switchboard
