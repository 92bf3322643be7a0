#pragma once

#include <mutex>

#include "runtime/codec/pack.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Gathers the answers of many actors into one: {<name>: [...]}. An answer that fails is left out. Thread-safe.
class fan_out : public outbox, public std::enable_shared_from_this<fan_out> {
 public:
  fan_out(reply_to to, std::string name, std::size_t awaited) : to_(std::move(to)), name_(std::move(name)), awaited_(awaited) {}

  void reply(std::uint32_t, store::position, std::string packed) override { arrived(std::move(packed)); }
  void fail(std::uint32_t, store::position, const error&) override { arrived({}); }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }

 private:
  void arrived(std::string packed) {
    std::lock_guard hold(lock_);
    if (!packed.empty()) {
      items_ += packed;
      ++count_;
    }
    if (--awaited_ > 0) return;
    codec::packer p;
    p.map(1).str(name_).array(count_).raw(items_);
    to_.ok(0, p.take());
  }

  std::mutex lock_;
  reply_to to_;
  std::string name_;
  std::size_t awaited_;
  std::uint32_t count_ = 0;
  std::string items_;
};

}  // namespace switchboard
