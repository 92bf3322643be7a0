#include <cstdio>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/bench/floor_server.hpp"
#include "tools/switchboard-bench/chat_load.hpp"
#include "tools/switchboard-bench/daemon_process.hpp"
#include "tools/switchboard-bench/dispatch_load.hpp"
#include "tools/switchboard-bench/resident_load.hpp"

using namespace switchboard::bench;
using nlohmann::json;

namespace {

struct settings {
  std::string directory;
  double seconds = 60;
  double pace = 3'000;
  int sessions = 0;
};

json run_floor(const settings& s, double pace) {
  auto dir = s.directory + "/floor" + (pace > 0 ? "-paced" : "");
  std::filesystem::create_directories(dir);
  floor_server floor(dir);
  if (auto ok = floor.start(); !ok) throw std::runtime_error(ok.error().message);
  chat_plan plan;
  plan.port = floor.port();
  plan.real = false;
  plan.seconds = s.seconds;
  plan.per_second = pace;
  return run_chat(plan);
}

json run_daemon_chat(const settings& s, double pace) {
  daemon_process daemon(s.directory + "/chat" + (pace > 0 ? "-paced" : ""), {});
  daemon.start();
  chat_plan plan;
  plan.port = daemon.port();
  plan.control = daemon.control();
  plan.seconds = s.seconds;
  plan.per_second = pace;
  auto out = run_chat(plan);
  out["daemon_cpu_s"] = daemon.cpu_seconds();
  return out;
}

json chat(const settings& s) {
  json out{{"floor", run_floor(s, 0)}, {"daemon", run_daemon_chat(s, 0)}};
  out["floor_paced"] = run_floor(s, 20'000);
  out["daemon_paced"] = run_daemon_chat(s, 20'000);
  out["ratio"] = out["daemon"]["per_second"].get<double>() / out["floor"]["per_second"].get<double>();
  out["p99_ratio"] = out["daemon_paced"]["latency"]["p99_ms"].get<double>() / out["floor_paced"]["latency"]["p99_ms"].get<double>();
  return out;
}

/// Sessions as fast as they go; at a steady pace; and with every agent full, from a freed place to the next assignment.
json dispatch(const settings& s) {
  json out;
  struct variant {
    const char* name;
    double per_second;
    int capacity, waiting;
  };
  for (auto& v : {variant{"closed_loop", 0, 6, 0}, variant{"paced", s.pace, 6, 0}, variant{"freed", s.pace, 1, 400}}) {
    daemon_process daemon(s.directory + "/dispatch-" + v.name, {200, v.capacity, 4, false});
    daemon.start();
    dispatch_plan plan;
    plan.port = daemon.port();
    plan.control = daemon.control();
    plan.seconds = s.seconds;
    plan.per_second = v.per_second;
    plan.capacity = v.capacity;
    plan.waiting = v.waiting;
    auto r = run_dispatch(plan);
    r["daemon_cpu_s"] = daemon.cpu_seconds();
    out[v.name] = r;
  }
  return out;
}

/// Chat at a modest pace beside thousands of connections that only stand there.
json connections(const settings& s) {
  daemon_process daemon(s.directory + "/connections", {});
  daemon.start();
  chat_plan plan;
  plan.port = daemon.port();
  plan.control = daemon.control();
  plan.seconds = s.seconds;
  plan.per_second = 5'000;
  plan.idle_connections = 5'000;
  auto before = daemon.anonymous_bytes();
  auto out = run_chat(plan);
  out["connections"] = plan.idle_connections + plan.connections + plan.agents;
  out["anonymous_grown"] = daemon.anonymous_bytes() - before;
  out["daemon_cpu_s"] = daemon.cpu_seconds();
  return out;
}

/// A client and its daemon have thousands of sockets each.
void allow_many_sockets() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

json recover(const settings& s) {
  daemon_process daemon(s.directory + "/recover", {1, 6, 1, false});
  daemon.start();
  return run_recover(daemon, s.sessions > 0 ? s.sessions : 200'000);
}

json memory(const settings& s) {
  // Served by agents: who waits is told their place every few seconds, and is not idle.
  daemon_process daemon(s.directory + "/memory", {500, 1000, 1, false});
  daemon.start();
  return run_memory(daemon, s.sessions > 0 ? s.sessions : 500'000, 20);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures a real switchboardd against a floor in the same run", "switchboard-bench"};
  std::string scenario;
  settings s;
  bool as_json = false, keep = false;
  app.add_option("scenario", scenario, "chat, dispatch, recover, memory or connections")->required();
  app.add_option("--seconds", s.seconds, "length of each run");
  app.add_option("--per-second", s.pace, "sessions a second where dispatch is paced")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--sessions", s.sessions, "for recover and memory");
  app.add_option("--dir", s.directory, "where daemons and floor keep their data (a new folder by default)");
  app.add_flag("--json", as_json, "one line of JSON");
  app.add_flag("--keep", keep, "leave the data");
  CLI11_PARSE(app, argc, argv);
  const std::map<std::string, json (*)(const settings&)> all{{"chat", chat}, {"dispatch", dispatch}, {"recover", recover}, {"memory", memory}, {"connections", connections}};
  auto it = all.find(scenario);
  if (it == all.end()) {
    std::cerr << "there is no scenario " << scenario << ": chat, dispatch, recover, memory or connections\n";
    return 2;
  }
  if (s.directory.empty()) s.directory = std::filesystem::temp_directory_path() / ("switchboard-bench-" + std::to_string(getpid()));
  allow_many_sockets();
  try {
    json out{{"scenario", scenario}, {"result", it->second(s)}};
    std::cout << out.dump(as_json ? -1 : 2) << "\n";
  } catch (const std::exception& e) {
    std::cerr << "switchboard-bench: " << e.what() << "\n";
    return 1;
  }
  if (!keep) std::filesystem::remove_all(s.directory);
  return 0;
}
