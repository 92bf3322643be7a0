#pragma once

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tools/simulation/deployments.hpp"
#include "tools/simulation/simulated_people.hpp"

namespace switchboard::simulation {

/// A contact center whose people do what the test says and nothing else; actors still run in random
/// order. The ledger's checks are on all the while.
struct stage {
  explicit stage(const std::string& yaml, std::uint64_t seed = 1)
      : node(yaml, seed), book(node.found()), deployment(node.found()) {
    if (std::getenv("SWITCHBOARD_TRACE"))
      node.trace = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
    node.start();
    for (auto& a : node.config().agents)
      agents.push_back(std::make_unique<simulated_agent>(node, book, calm, a));
  }
  ~stage() { EXPECT_TRUE(node.found().clean()) << node.found().text(); }

  simulated_agent& agent(std::size_t i) { return *agents[i]; }
  void everybody_online() {
    for (auto& a : agents) a->log_in();
    node.settle();
  }
  simulated_customer& customer(const std::string& channel = "app", channel_customer known = {}) {
    return *customers.emplace_back(std::make_unique<simulated_customer>(
        node, book, calm, channel, "customer" + std::to_string(customers.size()),
        std::move(known)));
  }
  /// A customer whose session is open by the time this returns, and a moment later than the one
  /// before.
  simulated_customer& opened(const std::string& intent = {}, const std::string& channel = "app") {
    auto& c = customer(channel);
    c.open(intent);
    node.pass(millis{10});
    return c;
  }
  const session_state& state(const simulated_customer& c) {
    return node.truth().find(*c.session())->state;
  }
  std::string server(const simulated_customer& c) {
    auto& s = state(c);
    return s.serving ? s.serving->agent.id : "";
  }
  session_phase phase(const simulated_customer& c) { return state(c).phase; }
  std::int64_t count(session_phase p) {
    return node.truth().by_phase()[static_cast<std::size_t>(p)];
  }
  agent_standing standing(std::size_t i) { return node.standings()[i]; }
  void restart(millis down = millis{0}) {
    node.kill();
    book.acknowledged.compare(node.truth());
    book.deliveries.compare(node.truth());
    node.stay_down(down);
    node.start();
    node.settle();
  }
  /// No message is under way, and a scheduling round is over.
  void check() {
    node.pass(millis{20});
    deployment.compare(node.truth(), node.standings());
    EXPECT_TRUE(node.found().clean()) << node.found().text();
  }

  workload_profile calm;
  simulated_node node;
  people_record book;
  deployment_check deployment;
  std::vector<std::unique_ptr<simulated_agent>> agents;
  std::vector<std::unique_ptr<simulated_customer>> customers;
};

}  // namespace switchboard::simulation
