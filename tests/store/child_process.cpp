#include "tests/store/child_process.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace switchboard::store {

child_process::child_process(std::vector<std::string> arguments,
                             std::vector<std::pair<std::string, std::string>> settings,
                             const std::string& errors) {
  arguments.insert(arguments.begin(), STORE_CHILD);
  std::vector<char*> argv;
  for (auto& a : arguments) argv.push_back(a.data());
  argv.push_back(nullptr);
  std::vector<std::string> lines;
  for (auto& [name, value] : settings) lines.push_back(name + "=" + value);
  std::vector<char*> env;
  for (auto& line : lines) env.push_back(line.data());
  for (char** e = environ; *e; ++e) env.push_back(*e);
  env.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (::posix_spawn(&pid_, STORE_CHILD, &files, nullptr, argv.data(), env.data()) != 0) {
    std::abort();
  }
  posix_spawn_file_actions_destroy(&files);
}

child_process::~child_process() {
  kill();
  wait();
}

void child_process::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

int child_process::wait() {
  if (pid_ <= 0) return 0;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace switchboard::store
