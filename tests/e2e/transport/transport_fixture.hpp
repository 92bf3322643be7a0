#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "adapters/channel/transport/tcp_server.hpp"
#include "adapters/client/rpc_client.hpp"
#include "runtime/codec/pack.hpp"
#include "tests/e2e/transport/echo_service.hpp"
#include "tests/e2e/transport/fake_journal.hpp"

namespace switchboard::e2e {

/// A transport on a free port, an echo service above it, a fake journal under it.
class transport_test : public testing::Test {
 protected:
  void serve(channel::transport_options options = {}) {
    options.port = 0;
    server = std::make_unique<channel::tcp_server>(options, journal, service, nullptr, &gate);
    auto started = server->start();
    ASSERT_TRUE(started.has_value()) << started.error().message;
  }
  client::connection_options to_server() const {
    client::connection_options o;
    o.port = server->port();
    return o;
  }
  /// Connected, and past `hello` unless told otherwise.
  std::unique_ptr<client::rpc_client> connect(bool hello = true) {
    auto c = std::make_unique<client::rpc_client>(to_server());
    auto connected = c->connect();
    EXPECT_TRUE(connected.has_value()) << connected.error().message;
    if (hello) {
      EXPECT_TRUE(c->hello({}).has_value());
    }
    return c;
  }
  static std::string map_of(std::initializer_list<std::pair<const char*, std::int64_t>> fields) {
    codec::packer p;
    p.map(static_cast<std::uint32_t>(fields.size()));
    for (auto& [key, value] : fields) codec::field(p, key, value);
    return p.take();
  }
  static std::string text_map(const std::string& text) {
    codec::packer p;
    codec::field(p.map(1), "text", text);
    return p.take();
  }
  static bool eventually(const std::function<bool()>& holds, millis within = millis{3'000}) {
    auto until = std::chrono::steady_clock::now() + within;
    while (!holds()) {
      if (std::chrono::steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(millis{2});
    }
    return true;
  }
  const channel::transport_counters& counters() const { return server->counters(); }

  fake_journal journal;
  fake_gate gate;
  echo_service service;
  std::unique_ptr<channel::tcp_server> server;
};

}  // namespace switchboard::e2e
