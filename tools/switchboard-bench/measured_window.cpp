#include "tools/switchboard-bench/measured_window.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace switchboard::bench {
namespace {

/// User and system seconds from the text of a `stat` file of /proc.
double seconds_in(const std::string& stat) {
  const auto name_ends = stat.rfind(')');
  if (name_ends == std::string::npos) return 0;
  long user = 0, system = 0;
  std::sscanf(stat.c_str() + name_ends + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld",
              &user, &system);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

std::string thread_name(const std::string& stat) {
  const auto from = stat.find('('), to = stat.rfind(')');
  return from == std::string::npos || to == std::string::npos
             ? "?"
             : stat.substr(from + 1, to - from - 1);
}

double seconds_of(const rusage& used) {
  auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

measured_window::used measured_window::look() const {
  used u;
  rusage mine{};
  getrusage(RUSAGE_THREAD, &mine);
  u.client = seconds_of(mine);
  if (plan_.server == 0) return u;
  std::error_code gone;
  const auto process = std::filesystem::path("/proc") / std::to_string(plan_.server);
  u.server = seconds_in(text_of_file(process / "stat"));
  if (plan_.server == getpid()) u.server -= u.client;
  for (const auto& task : std::filesystem::directory_iterator(process / "task", gone)) {
    const auto stat = text_of_file(task.path() / "stat");
    u.threads[thread_name(stat)] += seconds_in(stat);
  }
  return u;
}

bool measured_window::opens(steady::time_point now) {
  if (open_ || now < began_ + span(plan_.warm_up)) return false;
  open_ = true;
  opened_ = now;
  before_ = look();
  return true;
}

void measured_window::close(steady::time_point now) {
  seconds_ = std::chrono::duration<double>(now - opened_).count();
  const auto after = look();
  spent_.server = after.server - before_.server;
  spent_.client = after.client - before_.client;
  for (const auto& [name, seconds] : after.threads) {
    const auto then = before_.threads.find(name);
    spent_.threads[name] = seconds - (then == before_.threads.end() ? 0 : then->second);
  }
}

nlohmann::json measured_window::cpu_of_each(std::uint64_t pieces) const {
  if (pieces == 0) return nlohmann::json::object();
  auto micros = [&](double seconds) {
    return std::round(seconds * 1e7 / static_cast<double>(pieces)) / 10;
  };
  nlohmann::json threads = nlohmann::json::object();
  for (const auto& [name, seconds] : spent_.threads) {
    if (seconds > 0) threads[name] = micros(seconds);
  }
  return {{"server_us", micros(spent_.server)},
          {"client_us", micros(spent_.client)},
          {"threads", threads}};
}

}  // namespace switchboard::bench
