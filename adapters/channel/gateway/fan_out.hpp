#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "runtime/codec/pack.hpp"
#include "runtime/hosting/outbox.hpp"

namespace switchboard {

/// Gathers the answers of many actors into one, in the order of their msgids 0, 1, ...: {<name>:
/// [...]}, and `in_all` where these are some of more. An answer that fails is left out, and so is
/// that of an actor that ended before it gave one. Thread-safe.
class fan_out : public outbox, public std::enable_shared_from_this<fan_out> {
 public:
  fan_out(reply_to to, std::string name, std::size_t awaited,
          std::optional<std::uint64_t> in_all = {})
      : to_(std::move(to)),
        name_(std::move(name)),
        awaited_(awaited),
        in_all_(in_all),
        items_(awaited) {}
  /// Nobody holds a question any more.
  ~fan_out() override {
    if (awaited_ > 0) answer();
  }

  /// Nobody is asked.
  void nobody() { answer(); }
  void reply(std::uint32_t of, store::position, std::string packed) override {
    arrived(of, std::move(packed));
  }
  void fail(std::uint32_t of, store::position, const error&) override { arrived(of, {}); }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }

 private:
  void arrived(std::uint32_t of, std::string packed) {
    std::lock_guard hold(lock_);
    if (of < items_.size()) items_[of] = std::move(packed);
    if (awaited_ > 0 && --awaited_ == 0) answer();
  }

  void answer() {
    std::uint32_t count = 0;
    for (auto& item : items_) count += item.empty() ? 0 : 1;
    codec::packer p;
    p.map(in_all_ ? 2 : 1).str(name_).array(count);
    for (auto& item : items_) p.raw(item);
    if (in_all_) p.str("in_all").uinteger(*in_all_);
    to_.ok(0, p.take());
  }

  std::mutex lock_;
  reply_to to_;
  std::string name_;
  std::size_t awaited_;
  std::optional<std::uint64_t> in_all_;
  std::vector<std::string> items_;
};

}  // namespace switchboard
