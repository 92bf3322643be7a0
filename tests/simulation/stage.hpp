#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tools/simulation/deployments.hpp"
#include "tools/simulation/players.hpp"

namespace switchboard::simulation {

/// A contact center whose people do what the test says and nothing else; actors still run in random order. The ledger's checks are on
/// all the while.
struct stage {
  explicit stage(const std::string& yaml, std::uint64_t seed = 1) : node(yaml, seed), book(node.found()), deployment(node.found()) {
    if (std::getenv("SWITCHBOARD_TRACE")) node.trace = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
    node.start();
    for (auto& a : node.config().agents) agents.push_back(std::make_unique<agent_player>(node, book, calm, a));
  }
  ~stage() { EXPECT_TRUE(node.found().clean()) << node.found().text(); }

  agent_player& agent(std::size_t i) { return *agents[i]; }
  void everybody_online() {
    for (auto& a : agents) a->log_in();
    node.settle();
  }
  customer_player& customer(const std::string& channel = "app", channel_customer known = {}) {
    return *customers.emplace_back(std::make_unique<customer_player>(
        node, book, calm, channel, "customer" + std::to_string(customers.size()), std::move(known)));
  }
  /// A customer whose session is open by the time this returns, and a moment later than the one before.
  customer_player& opened(const std::string& intent = {}, const std::string& channel = "app") {
    auto& c = customer(channel);
    c.open(intent);
    node.pass(millis{10});
    return c;
  }
  const session_state& state(const customer_player& c) { return node.truth().find(*c.session())->state; }
  std::string server(const customer_player& c) {
    auto& s = state(c);
    return s.serving ? s.serving->agent.id : "";
  }
  session_phase phase(const customer_player& c) { return state(c).phase; }
  std::int64_t count(session_phase p) { return node.truth().by_phase()[static_cast<std::size_t>(p)]; }
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

  temper calm;
  simulated_node node;
  player_book book;
  deployment_check deployment;
  std::vector<std::unique_ptr<agent_player>> agents;
  std::vector<std::unique_ptr<customer_player>> customers;
};

}  // namespace switchboard::simulation
