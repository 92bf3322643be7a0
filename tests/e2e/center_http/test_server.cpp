#include "tests/e2e/center_http/test_server.hpp"

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

/// The port such a program prints when it is ready; 0 where it fails.
int port_of(const std::string& line) {
  return line.starts_with("port ") ? std::stoi(line.substr(5)) : 0;
}

const std::string clients = "tests/e2e/clients/";

}  // namespace

test_folder::test_folder() {
  static int made = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("center_http_" + std::to_string(::getpid()) + "_" + std::to_string(++made));
  std::filesystem::create_directories(path_);
}
test_folder::~test_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}
std::string test_folder::path(const std::string& below) const {
  return below.empty() ? path_.string() : (path_ / below).string();
}
void test_folder::write(const std::string& below, const std::string& text) const {
  std::filesystem::create_directories((path_ / below).parent_path());
  // Whoever reads meanwhile sees the whole of the old or of the new.
  auto fresh = path(below + ".new");
  std::ofstream(fresh, std::ios::binary) << text;
  std::filesystem::rename(fresh, path_ / below);
}
std::string test_folder::read(const std::string& below) const {
  std::ifstream in(path(below), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

child_program::child_program(const std::vector<std::string>& command, std::string* first_line) {
  int out[2] = {-1, -1};
  if (::pipe(out) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(out[1], 1);
    std::vector<char*> args;
    for (const auto& word : command) args.push_back(const_cast<char*>(word.c_str()));
    args.push_back(nullptr);
    ::execv(args[0], args.data());
    ::_exit(127);
  }
  ::close(out[1]);
  for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) *first_line += c;
  ::close(out[0]);
}

child_program::~child_program() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

apache_server::apache_server(const test_folder& folder, bool tls) {
  std::vector<std::string> command{"/usr/bin/python3", clients + "static_server.py", folder.path()};
  if (tls) command.push_back("tls");
  std::string line;
  child_ = std::make_unique<child_program>(command, &line);
  port_ = port_of(line);
  if (port_ == 0) ADD_FAILURE() << "apache2 does not start:\n" << folder.read("error.log");
}

fault_proxy::fault_proxy(int upstream) {
  std::string line;
  mode("pass");
  child_ = std::make_unique<child_program>(
      std::vector<std::string>{"/usr/bin/python3", clients + "fault_proxy.py",
                               std::to_string(upstream), folder_.path()},
      &line);
  port_ = port_of(line);
  if (port_ == 0) ADD_FAILURE() << "the proxy does not start";
}

std::vector<std::pair<int, int>> fault_proxy::requests() const {
  std::vector<std::pair<int, int>> out;
  std::istringstream in(log());
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    auto& one = out.emplace_back();
    words >> one.first >> one.second;
  }
  return out;
}

}  // namespace switchboard::center
