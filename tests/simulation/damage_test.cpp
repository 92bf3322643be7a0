#include "actors/read_model/projection/state_keys.hpp"
#include "tests/simulation/configuration_scene.hpp"

/// Values of the state are damaged while the node is down: it starts, says who is lost, and serves
/// the others.
namespace switchboard::simulation {
namespace {

const std::string deployment_of_two = R"(
groups: [{id: general}]
agents:
  - {id: ann, groups: [general], capacity: 5}
  - {id: bob, groups: [general], capacity: 5}
channels: [{id: app}]
rules: [{name: all, steps: [{group: general}]}]
)";

struct a_damaged_state : testing::Test {
  stage s{deployment_of_two};
  void expect_service() {
    for (auto& a : s.agents) a->log_in();
    s.node.settle();
    auto& fresh = s.opened();
    EXPECT_EQ(s.phase(fresh), session_phase::active);
    fresh.write();
    s.node.settle();
    EXPECT_EQ(s.state(fresh).messages, 2u);
  }
};

TEST_F(a_damaged_state, without_the_record_of_the_configuration_goes_on_with_the_newest_version) {
  s.everybody_online();
  s.node.state().damage("configuration", "r");
  s.restart();
  expect_service();
}

TEST_F(a_damaged_state, without_the_active_version_takes_the_file) {
  s.everybody_online();
  std::string newest;
  s.node.state().view()->scan("configuration", "v", [&](std::string_view key, std::string_view) {
    newest = key;
    return false;
  });
  ASSERT_TRUE(newest.starts_with("v"));
  s.node.state().damage("configuration", newest);
  s.restart();
  expect_service();
}

TEST_F(a_damaged_state, without_catalog_and_customers_serves) {
  s.everybody_online();
  auto& c = s.opened();
  s.node.state().damage("catalog", "catalog");
  s.node.state().damage("customers", "c:app:customer0");
  s.node.state().damage("record_time", "now");
  s.restart();
  c.server_restarted();
  expect_service();
}

}  // namespace
}  // namespace switchboard::simulation
