#include "runtime/log/log.hpp"

#include <array>
#include <atomic>
#include <memory>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/pattern_formatter.h>

#include "runtime/log/line_sink.hpp"
#include "runtime/log/log_line.hpp"

namespace switchboard::log {

namespace {

constexpr std::array<std::string_view, 5> level_names{"trace", "debug", "info", "warn", "error"};
constexpr int off = 100;

/// What runs between `start` and `stop`.
struct running_log {
  std::shared_ptr<line_sink> sink = std::make_shared<line_sink>();
  std::shared_ptr<spdlog::details::thread_pool> thread;
  std::shared_ptr<spdlog::async_logger> queue;
  bool json = false;
};

std::atomic<std::shared_ptr<running_log>> current;
std::atomic<int> least{off};
std::atomic<std::uint64_t> written_before{0}, dropped_before{0};

int level_of(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i) {
    if (level_names[i] == name) return static_cast<int>(i);
  }
  return off;
}

// Names of our own: spdlog calls one of them "warning".
class level_flag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& m, const std::tm&,
              spdlog::memory_buf_t& to) override {
    auto name = level_names.at(static_cast<std::size_t>(m.level));
    to.append(name.data(), name.data() + name.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return spdlog::details::make_unique<level_flag>();
  }
};

std::unique_ptr<spdlog::formatter> formatter(bool json) {
  auto f = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
  f->add_flag<level_flag>('*');
  f->set_pattern(json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%*",%v})"
                      : "%Y-%m-%dT%H:%M:%S.%eZ %* %v");
  return f;
}

}  // namespace

result<void> start(const options& o) {
  if (current.load()) return fail(errc::failed_precondition, "the log runs already");
  if (level_of(o.level) == off)
    return fail(errc::invalid_argument, "log.level: there is no " + o.level, "log.level");
  if (o.format != "text" && o.format != "json")
    return fail(errc::invalid_argument, "log.format: expected text or json", "log.format");
  auto log = std::make_shared<running_log>();
  log->json = o.format == "json";
  if (auto opened = log->sink->open(o.file); !opened) return opened;
  log->sink->set_formatter(formatter(log->json));
  log->thread = std::make_shared<spdlog::details::thread_pool>(o.queue, 1);
  log->queue = std::make_shared<spdlog::async_logger>(
      "switchboard", log->sink, log->thread, spdlog::async_overflow_policy::overrun_oldest);
  // Ours decides, before a line is made.
  log->queue->set_level(spdlog::level::trace);
  log->queue->set_error_handler([](const std::string&) {});
  current.store(log);
  least.store(level_of(o.level));
  return {};
}

void stop() {
  auto log = current.exchange(nullptr);
  if (!log) return;
  least.store(off);
  dropped_before += log->thread->overrun_counter();
  // Its end waits for what is queued; a caller that is just writing may still hold the rest.
  log->thread.reset();
  written_before += log->sink->written();
}

bool set_level(std::string_view name) {
  auto l = level_of(name);
  if (l == off) return false;
  if (current.load()) least.store(l);
  return true;
}

void reopen() {
  if (auto log = current.load()) log->sink->reopen();
}

counts so_far() {
  counts c{written_before, dropped_before};
  if (auto log = current.load()) {
    c.written += log->sink->written();
    c.dropped += log->thread->overrun_counter();
  }
  return c;
}

bool enabled(level at) {
  return static_cast<int>(at) >= least.load(std::memory_order_relaxed);
}

void write(level at, std::string_view event, fields what) {
  if (!enabled(at)) return;
  auto log = current.load();
  if (!log) return;
  auto line = log->json ? json_line(event, what) : text_line(event, what);
  log->queue->log(static_cast<spdlog::level::level_enum>(at), line);
}

}  // namespace switchboard::log
