#pragma once

#include <deque>
#include <functional>
#include <string>

#include "adapters/channel/transport/gate.hpp"
#include "adapters/channel/transport/output_lane.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard::simulation {

/// A client's connection as actors see it. What is put in goes the way of the daemon's own
/// connections: through an output_lane, listed at a gate of the journal. Only the socket is played:
/// a write is under way until `write_on`.
class line final : public outbox,
                   public channel::gated_output,
                   public std::enable_shared_from_this<line> {
 public:
  struct arrival {
    enum class kind { reply, failure, notification } what = kind::reply;
    std::uint32_t msgid = 0;
    std::string packed;
    error why;
  };
  using receiver = std::function<void(const arrival&)>;
  /// Where all lines of one life of a process are listed, and those whose writes are under way.
  struct exit {
    channel::gate& gate;
    std::vector<std::shared_ptr<line>>& writing;
  };

  line(std::uint64_t id, exit out, receiver to) : id_(id), out_(out), to_(std::move(to)) {}

  void reply(std::uint32_t msgid, store::position after, std::string packed) override {
    put(after, {arrival::kind::reply, msgid, std::move(packed), {}});
  }
  void fail(std::uint32_t msgid, store::position after, const error& why) override {
    put(after, {arrival::kind::failure, msgid, {}, why});
  }
  void notify(store::position after, std::string frame) override {
    put(after, {arrival::kind::notification, 0, std::move(frame), {}});
  }
  std::uint64_t id() const override { return id_; }
  bool open() const override { return open_; }
  void end() override;

  /// From the gate: begins a write of what may leave.
  void release(store::position durable) override;
  /// The write under way reaches the client, and the next begins.
  void write_on(store::position durable);
  void drop();
  /// A planted fault: the gate stands open.
  void leak() { leaky_ = true; }

 private:
  void put(store::position after, arrival a);
  std::string mark(std::uint64_t number) const;

  const std::uint64_t id_;
  const exit out_;
  receiver to_;
  channel::output_lane lane_;
  /// What the lane holds, in order; there it is represented by its number.
  std::deque<arrival> held_;
  std::uint64_t first_ = 0;
  std::string under_way_;
  bool open_ = true, ending_ = false, leaky_ = false;
};

}  // namespace switchboard::simulation
