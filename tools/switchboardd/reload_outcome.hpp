#pragma once

#include <cstdio>

#include "runtime/hosting/outbox.hpp"
#include "runtime/log/log.hpp"

namespace switchboard {

/// What became of a SIGHUP goes to the log: nobody waits for it.
class reload_outcome final : public outbox {
 public:
  void reply(std::uint32_t, store::position, std::string) override {
    log::info("dispatch_reloaded", {});
  }
  void fail(std::uint32_t, store::position, const error& why) override {
    log::error("dispatch_not_reloaded", {{"errors", why.detail}});
    std::fprintf(stderr, "switchboardd: nothing is changed: %s\n", why.message.c_str());
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return true; }
};

}  // namespace switchboard
