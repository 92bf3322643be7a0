#include "runtime/log/line_sink.hpp"

#include <cerrno>
#include <system_error>

namespace switchboard::log {

line_sink::~line_sink() {
  if (file_) std::fclose(file_);
}

result<void> line_sink::open(const std::string& path) {
  if (path.empty()) return {};
  // Appended to line by line: several processes, or a tool that truncates, do no harm.
  auto file = std::fopen(path.c_str(), "ae");
  if (!file) return fail(errc::unavailable, path + ": " + std::generic_category().message(errno));
  if (file_) std::fclose(file_);
  file_ = file;
  path_ = path;
  return {};
}

void line_sink::reopen() {
  std::lock_guard hold(mutex_);
  // Where the new one cannot be opened the old one goes on.
  (void)open(path_);
}

void line_sink::sink_it_(const spdlog::details::log_msg& m) {
  spdlog::memory_buf_t line;
  formatter_->format(m, line);
  auto to = file_ ? file_ : stderr;
  std::fwrite(line.data(), 1, line.size(), to);
  std::fflush(to);
  written_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace switchboard::log
