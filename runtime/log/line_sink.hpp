#pragma once

#include <cstdio>
#include <mutex>
#include <string>

#include <spdlog/sinks/base_sink.h>

#include "runtime/base/error.hpp"

/// INTERNAL to the log.
namespace switchboard::log {

/// Whole lines to standard error or to a file, each written out as it comes, so that a process that
/// is killed leaves what it said. A write that fails is dropped: there is nowhere to say so.
class line_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ~line_sink() override;

  result<void> open(const std::string& path);
  void reopen();
  std::uint64_t written() const { return written_.load(std::memory_order_relaxed); }

 protected:
  void sink_it_(const spdlog::details::log_msg& m) override;
  void flush_() override {}

 private:
  std::string path_;
  std::FILE* file_ = nullptr;
  std::atomic<std::uint64_t> written_{0};
};

}  // namespace switchboard::log
