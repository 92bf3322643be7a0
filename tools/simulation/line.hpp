#pragma once

#include <deque>
#include <functional>
#include <string>

#include "runtime/hosting/outbox.hpp"

namespace switchboard::simulation {

/// A client's connection as actors see it. What is put in leaves in order, and only once the journal is durable so far.
class line final : public outbox {
 public:
  struct arrival {
    enum class kind { reply, failure, notification } what = kind::reply;
    std::uint32_t msgid = 0;
    std::string packed;
    error why;
  };
  using receiver = std::function<void(const arrival&)>;

  line(std::uint64_t id, receiver to) : id_(id), to_(std::move(to)) {}

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
  void end() override { ending_ = true; }

  /// Hands over what may leave.
  void flush(store::position durable) {
    while (open_ && !queued_.empty() && (leaky_ || queued_.front().first <= durable)) {
      auto next = std::move(queued_.front().second);
      queued_.pop_front();
      to_(next);
    }
    if (ending_ && queued_.empty()) open_ = false;
  }
  void drop() {
    open_ = false;
    queued_.clear();
  }
  /// A planted fault: the gate stands open.
  void leak() { leaky_ = true; }

 private:
  void put(store::position after, arrival a) {
    if (open_) queued_.emplace_back(after, std::move(a));
  }
  std::uint64_t id_;
  receiver to_;
  std::deque<std::pair<store::position, arrival>> queued_;
  bool open_ = true, ending_ = false, leaky_ = false;
};

}  // namespace switchboard::simulation
