#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <iostream>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tests/bench/baseline_server.hpp"
#include "tools/command_line/program_line.hpp"
#include "tools/switchboard-bench/chat_load.hpp"
#include "tools/switchboard-bench/daemon_process.hpp"
#include "tools/switchboard-bench/disk_probe.hpp"
#include "tools/switchboard-bench/dispatch_load.hpp"
#include "tools/switchboard-bench/resident_load.hpp"

using namespace switchboard::bench;
using nlohmann::json;

namespace {

struct settings {
  std::string directory;
  double warm_up = 15;
  double seconds = 25;
  double pace = 3'000;
  int sessions = 0;
  std::vector<std::string> only;

  bool wants(const std::string& variant) const {
    return only.empty() || std::find(only.begin(), only.end(), variant) != only.end();
  }
  measured_window::plan window(pid_t server) const { return {warm_up, seconds, server}; }
};

/// Of `a` to `b`, where both were measured.
void note_ratio(json& out, const char* name, const json* a, const json* b) {
  if (a && b && b->is_number() && b->get<double>() > 0)
    out[name] = a->get<double>() / b->get<double>();
}

const json* figure(const json& out, std::initializer_list<const char*> path) {
  const json* at = &out;
  for (const auto* step : path) {
    const auto it = at->find(step);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return at;
}

/// The baseline in a folder of its own, as long as `run` takes.
template <class Run> json with_baseline(const settings& s, const std::string& name, Run run) {
  const auto dir = s.directory + "/floor-" + name;
  std::filesystem::create_directories(dir);
  baseline_server baseline(dir);
  if (auto ok = baseline.start(); !ok) throw std::runtime_error(ok.error().message);
  return run(baseline.port());
}

struct chat_variant {
  const char* name;
  double per_second;
  int connections, outstanding;
};

json run_baseline(const settings& s, const chat_variant& v) {
  return with_baseline(s, v.name, [&](std::uint16_t port) {
    chat_plan plan;
    plan.port = port;
    plan.real = false;
    plan.window = s.window(getpid());
    plan.per_second = v.per_second;
    plan.connections = v.connections;
    plan.outstanding = v.outstanding;
    return run_chat(plan);
  });
}

json run_daemon_chat(const settings& s, const chat_variant& v) {
  daemon_process daemon(s.directory + "/chat-" + v.name, {});
  daemon.start();
  chat_plan plan;
  plan.port = daemon.port();
  plan.control = daemon.control();
  plan.window = s.window(daemon.pid());
  plan.per_second = v.per_second;
  plan.connections = v.connections;
  plan.outstanding = v.outstanding;
  return run_chat(plan);
}

/// As fast as it goes; at a steady pace; and one message after another.
json chat(const settings& s) {
  json out;
  for (const auto& v : {chat_variant{"closed_loop", 0, 64, 16},
                        chat_variant{"paced", 20'000, 64, 16}, chat_variant{"single", 0, 1, 1}}) {
    if (!s.wants(v.name)) continue;
    json& both = out[v.name];
    both = {{"floor", run_baseline(s, v)}, {"daemon", run_daemon_chat(s, v)}};
    note_ratio(both, "ratio", figure(both, {"daemon", "per_second"}),
               figure(both, {"floor", "per_second"}));
    for (const auto* q : {"p50_ms", "p99_ms"}) {
      note_ratio(both, (std::string(q, 3) + "_ratio").c_str(),
                 figure(both, {"daemon", "latency", q}), figure(both, {"floor", "latency", q}));
    }
  }
  return out;
}

struct dispatch_variant {
  const char* name;
  double per_second;
  int capacity = 6, waiting = 0, returning_percent = 0;
  double stay_seconds = 0;
  int messages = 0;
};

dispatch_plan plan_of(const dispatch_variant& v) {
  dispatch_plan plan;
  plan.per_second = v.per_second;
  plan.capacity = v.capacity;
  plan.waiting = v.waiting;
  plan.returning_percent = v.returning_percent;
  plan.stay_seconds = v.stay_seconds;
  plan.messages = v.messages;
  return plan;
}

json run_daemon_dispatch(const settings& s, const dispatch_variant& v, double slice_seconds = 0) {
  daemon_process daemon(s.directory + "/dispatch-" + v.name, {200, v.capacity, 4, false});
  daemon.start();
  auto plan = plan_of(v);
  plan.port = daemon.port();
  plan.control = daemon.control();
  plan.window = s.window(daemon.pid());
  plan.slice_seconds = slice_seconds;
  plan.memory = [&daemon] { return daemon.anonymous_bytes(); };
  return run_dispatch(plan);
}

json run_dispatch_baseline(const settings& s, const dispatch_variant& v) {
  return with_baseline(s, std::string("dispatch-") + v.name, [&](std::uint16_t port) {
    auto plan = plan_of(v);
    plan.port = port;
    plan.window = s.window(getpid());
    return run_dispatch(plan);
  });
}

/// Sessions as fast as they go; with customers most of whom were here before; at a steady pace;
/// with every agent full, from a freed place to the next assignment; and sessions that last half a
/// minute with six messages. Beside the first and the paced one the baseline: the same records,
/// bytes and frames without actors.
json dispatch(const settings& s) {
  json out;
  out["disk"] = probe_disk(s.directory + "/disk");
  const dispatch_variant closed{"closed_loop", 0}, paced{"paced", s.pace};
  for (const auto& v : {closed, paced}) {
    if (!s.wants(v.name)) continue;
    json& both = out[v.name];
    both = {{"floor", run_dispatch_baseline(s, v)}, {"daemon", run_daemon_dispatch(s, v)}};
    note_ratio(both, "ratio", figure(both, {"daemon", "per_second"}),
               figure(both, {"floor", "per_second"}));
    note_ratio(both, "p99_ratio", figure(both, {"daemon", "latency", "p99_ms"}),
               figure(both, {"floor", "latency", "p99_ms"}));
  }
  for (const auto& v :
       {dispatch_variant{"returning", 0, 6, 0, 70}, dispatch_variant{"freed", s.pace, 1, 400},
        dispatch_variant{"talked_in", 300, 100, 0, 70, 30, 6}}) {
    if (s.wants(v.name)) out[v.name]["daemon"] = run_daemon_dispatch(s, v);
  }
  return out;
}

/// Ten minutes at 70 % of what the closed loop does, told minute by minute: memory and tail must
/// stay flat, and whoever came must have gone.
json soak(const settings& s) {
  auto measuring = s;
  const auto most =
      run_daemon_dispatch(measuring, {"soak-measure", 0, 6, 0, 70})["per_second"].get<double>();
  auto lasting = s;
  lasting.seconds = s.seconds > 60 ? s.seconds : 600;
  auto out = run_daemon_dispatch(lasting, {"soak", 0.7 * most, 6, 0, 70}, lasting.seconds / 10);
  out["closed_loop_per_second"] = most;
  out["conserved"] = out["opened"] == out["closed"] && out["opened"] == out["assigned"];
  return out;
}

/// Chat at a modest pace beside thousands of connections that only stand there.
json connections(const settings& s) {
  daemon_process daemon(s.directory + "/connections", {});
  daemon.start();
  chat_plan plan;
  plan.port = daemon.port();
  plan.control = daemon.control();
  plan.window = s.window(daemon.pid());
  plan.per_second = 5'000;
  plan.idle_connections = 5'000;
  auto before = daemon.anonymous_bytes();
  auto out = run_chat(plan);
  out["connections"] = plan.idle_connections + plan.connections + plan.agents;
  out["anonymous_grown"] = daemon.anonymous_bytes() - before;
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
  app.add_option("scenario", scenario, "chat, dispatch, soak, recover, memory or connections")
      ->required();
  app.add_option("--warm-up", s.warm_up, "seconds of each run that do not count")
      ->capture_default_str();
  app.add_option("--seconds", s.seconds,
                 "seconds of each run that count (soak: 600 unless more than 60 are said)")
      ->capture_default_str();
  app.add_option(
         "--only", s.only,
         "variants of chat or dispatch: closed_loop, paced, single, returning, freed, talked_in")
      ->delimiter(',');
  app.add_option("--per-second", s.pace, "sessions a second where dispatch is paced")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--sessions", s.sessions, "for recover and memory");
  app.add_option("--dir", s.directory,
                 "where daemons and floor keep their data (a new folder by default)");
  app.add_flag("--json", as_json, "one line of JSON");
  app.add_flag("--keep", keep, "leave the data");
  switchboard::command_line::describe(
      app,
      {{"switchboard-bench chat", "messages, and what the least server makes of them"},
       {"switchboard-bench dispatch --only closed_loop --json", "one variant, for scripts"},
       {"switchboard-bench recover --sessions 500000", "a restart with so many open sessions"}});
  if (auto ended = switchboard::command_line::parse(app, argc, argv)) return *ended;
  const std::map<std::string, json (*)(const settings&)> all{
      {"chat", chat},       {"dispatch", dispatch}, {"soak", soak},
      {"recover", recover}, {"memory", memory},     {"connections", connections}};
  auto it = all.find(scenario);
  if (it == all.end()) {
    std::cerr << "there is no scenario " << scenario
              << ": chat, dispatch, soak, recover, memory or connections\n";
    return 2;
  }
  if (s.directory.empty())
    s.directory =
        std::filesystem::temp_directory_path() / ("switchboard-bench-" + std::to_string(getpid()));
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
