#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include "actors/messages/registration.hpp"
#include "adapters/channel/gateway/endpoints.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard::gateway_testing {

/// A connection that keeps what it is answered.
class kept_peer final : public channel::peer {
 public:
  void reply(std::uint32_t, store::position, std::string p) override { packed = std::move(p); }
  void fail(std::uint32_t, store::position, const error& e) override { why = e; }
  void notify(store::position, std::string) override { ADD_FAILURE() << "nobody is notified here"; }
  std::uint64_t id() const override { return 7; }
  bool open() const override { return closed == channel::close_reason::none; }
  std::string_view remote_address() const override { return "192.0.2.1"; }
  bool encrypted() const override { return true; }
  std::size_t unread_bytes() const override { return 0; }
  void authenticated(std::size_t, std::string_view) override { known = true; }
  bool is_authenticated() const override { return known; }
  allowance allowed() const override { return {}; }
  void close(channel::close_reason r) override { closed = r; }
  void close_after_flush(channel::close_reason r) override { closed = r; }
  channel::close_reason why_closed() const override { return closed; }
  void post(std::function<void()> work) override { work(); }

  std::optional<std::string> packed;
  std::optional<error> why;
  bool known = false;
  channel::close_reason closed = channel::close_reason::none;
};

/// A value of a call's params, packed.
struct value {
  std::string bytes;
};
value text(std::string_view t);
value number(std::int64_t n);
value flag(bool b);
value bytes(std::string_view b);
value map(std::map<std::string, value> fields);
value list(const std::vector<value>& items);
using params = std::map<std::string, value>;

/// What came of a call: an answer, a refusal, or a message to an actor.
struct outcome {
  std::optional<std::string> packed;
  std::optional<error> why;
  /// Whom, and what.
  std::vector<std::pair<std::string, caf::message>> sent;

  /// The one message that was sent, to whom it should have been.
  template <class Message> const Message& to(const std::string& whom) const {
    static const Message none{};
    EXPECT_EQ(sent.size(), 1u) << (why ? why->message : "");
    if (sent.size() != 1) return none;
    EXPECT_EQ(sent[0].first, whom);
    const bool is = sent[0].second.match_elements<Message>();
    EXPECT_TRUE(is) << caf::to_string(sent[0].second);
    return is ? sent[0].second.get_as<Message>(0) : none;
  }
  std::string refusal() const { return why ? why->message : "(none)"; }
  bool refuses(const std::string& field) const {
    return why && why->code == errc::invalid_argument && why->field == field;
  }
};

class hand_clock final : public clock_source {
 public:
  timestamp now() const override { return from_unix_ms(1'790'913'600'000); }
};

class hand_gate final : public store::work_gate {
 public:
  store::admission admits(store::work what) const override {
    return {what < least_refused, "the journal is full"};
  }
  store::admission answers() const override { return {answers_leave, "the disk is slow"}; }
  store::work least_refused{99};
  bool answers_leave = true;
};

/// A gateway with actors that are played: each keeps what it is sent. One channel `app`, one
/// account of each role (lin is an agent, xu a supervisor, sun an admin), an administrator's token.
class a_gateway : public testing::Test {
 protected:
  a_gateway();
  ~a_gateway() override;

  /// The session that is there, and one that is in no memory.
  static session_id live() { return {.shard = 3, .ulid = {1}}; }
  static session_id absent() { return {.shard = 3, .ulid = {2}}; }

  /// A connection that has said hello.
  std::shared_ptr<kept_peer> connect(const std::string& role, const std::string& id);
  /// Of somebody with that role.
  std::shared_ptr<kept_peer> connect(account_role role);
  outcome call(const std::shared_ptr<kept_peer>& by, std::string_view method,
               const params& fields = {});
  void notify(const std::shared_ptr<kept_peer>& by, std::string_view method, const params& fields);
  std::shared_ptr<const config::dispatch_config> loaded(const std::string& more = {}) const;
  std::vector<std::pair<std::string, caf::message>> taken();

  hand_clock clock;
  hand_gate gate;
  connection_index connections;
  probe_registry probes;
  directory_view directory;
  std::shared_ptr<const config::dispatch_config> config;
  std::string backed_up;
  std::optional<gateway_services> services;
  std::optional<gateway> door;

 private:
  template <class Handle> Handle played(const std::string& name);

  caf::actor_system_config system_config_;
  std::optional<caf::actor_system> system_;
  std::vector<caf::actor> everybody_;
  std::vector<std::pair<std::string, caf::message>> sent_;
};

}  // namespace switchboard::gateway_testing
