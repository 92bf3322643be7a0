#include "tools/switchboard-bench/daemon_process.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "config/token.hpp"

namespace switchboard::bench {
namespace {

void write_options(const std::string& directory) {
  std::ofstream out(directory + "/daemon.yaml");
  out << "node: bench\ndata_dir: data\ncontrol_socket: control.sock\ndispatch: dispatch.yaml\n"
      << "centers: {dir: centers}\nlisten:\n  channel: {address: 127.0.0.1, port: 0}\n"
      << "limits: {window: 1024, connections: 20000, per_address: 20000}\n";
}

void write_dispatch(const std::string& directory, const deployment_plan& plan) {
  std::ofstream out(directory + "/dispatch.yaml");
  out << "groups:\n";
  for (int g = 0; g < plan.groups; ++g) {
    out << "  - {id: g" << g << ", name: g" << g
        << ", strategy: longest_idle, queue: {max: 1000000}, wrap_up: {mode: "
        << (plan.wrap_up ? "timed, time: 1s" : "none") << "}}\n";
  }
  out << "channels:\n  - {id: bench, kind: chat, language: en, token_sha256: "
      << config::sha256_hex("bench") << "}\nagents:\n";
  for (int a = 0; a < plan.agents; ++a) {
    auto id = "a" + std::to_string(a);
    out << "  - {id: " << id << ", name: " << id << ", groups: [g" << a % plan.groups
        << "], capacity: " << plan.capacity << ", token_sha256: " << config::sha256_hex(id)
        << "}\n";
  }
  // A customer who comes again is a case of its own, not the next part of the last one.
  out << "session: {continue_within: 0s}\nrules:\n";
  for (int g = 1; g < plan.groups; ++g) {
    out << "  - {name: to g" << g << ", when: 'request.intent == \"g" << g
        << "\"', steps: [{group: g" << g << "}]}\n";
  }
  out << "  - {name: everyone, steps: [{group: g0}]}\n";
}

std::string daemon_binary() {
  return (std::filesystem::canonical("/proc/self/exe").parent_path() / "switchboardd").string();
}

}  // namespace

daemon_process::daemon_process(std::string directory, const deployment_plan& plan)
    : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  write_options(directory_);
  write_dispatch(directory_, plan);
}

daemon_process::~daemon_process() {
  terminate();
}

double daemon_process::start() {
  int out[2];
  if (pipe(out) != 0) throw std::runtime_error("pipe");
  auto binary = daemon_binary(), config = directory_ + "/daemon.yaml";
  auto began = std::chrono::steady_clock::now();
  pid_ = fork();
  if (pid_ == 0) {
    dup2(out[1], 1);
    close(out[0]);
    execl(binary.c_str(), binary.c_str(), "--config", config.c_str(), nullptr);
    _exit(127);
  }
  close(out[1]);
  std::string line;
  char c;
  while (read(out[0], &c, 1) == 1 && c != '\n') line += c;
  close(out[0]);
  if (line.rfind("ready ", 0) != 0) throw std::runtime_error("switchboardd did not start: " + line);
  port_ = nlohmann::json::parse(line.substr(6))["channel"]["port"].get<std::uint16_t>();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void daemon_process::kill_hard() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void daemon_process::terminate() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::uint64_t daemon_process::anonymous_bytes() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
  std::string word;
  std::uint64_t kib = 0;
  while (in >> word) {
    if (word == "RssAnon:") in >> kib;
  }
  return kib * 1024;
}

}  // namespace switchboard::bench
