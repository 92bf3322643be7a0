// The process that crash tests kill, cut off and starve.
//   store_child append DIR ACKS [LOG]    appends sample records in bursts until it is killed or has
//   done `bursts`;
//                                        acknowledged positions go to ACKS, data file writes to LOG
//   store_child starve DIR BYTES         appends where no file may grow past BYTES: a commit fails
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <signal.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include "tests/store/store_fixture.hpp"
#include "tests/store/write_recorder.hpp"

namespace switchboard::store {
namespace {

int number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : otherwise;
}

/// Tells the parent of each durable position, in a way that survives this process.
void tell(journal& j, const char* acks) {
  int fd = ::open(acks, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) std::abort();
  j.on_durable([fd](position at) {
    record_acknowledged(at);
    if (::write(fd, &at, sizeof at) != sizeof at) std::abort();
  });
}

/// Bursts of records of many sizes, some over LMDB's overflow pages.
void append_bursts(store& s, hand_clock& clock, int bursts, bool trimming) {
  auto& j = s.journal();
  std::mt19937_64 rng(static_cast<std::uint64_t>(number("STORE_CHILD_SEED", 1)));
  for (int burst = 0; burst != bursts; ++burst) {
    const int count = 1 + static_cast<int>(rng() % 24);
    for (int i = 0; i < count; ++i) {
      const std::size_t bytes = rng() % 16 == 0 ? 2000 + rng() % 9000 : rng() % 500;
      j.append(sample_record(j.last() + 1, bytes));
    }
    if (!wait_durable(j, j.last())) std::abort();
    if (rng() % 4 == 0) s.wait_projected(j.last(), millis{1000});
    if (trimming && burst == bursts / 3) clock.advance(std::chrono::hours(24 * 8));
  }
}

int append(const std::string& dir, const char* acks, const char* log) {
  if (log) begin_recording(dir, log);
  hand_clock clock;
  auto options = small_store(dir, clock);
  options.trim_pause = millis{0};
  options.projecting.flush_interval = millis{3};
  auto s = must_open(options, {std::make_shared<counting_projection>()});
  tell(s->journal(), acks);
  append_bursts(*s, clock, number("STORE_CHILD_BURSTS", -1), number("STORE_CHILD_TRIMS", 0) != 0);
  return 0;
}

int starve(const std::string& dir, const char* bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  hand_clock clock;
  auto s = must_open(small_store(dir, clock));
  const rlim_t most = std::strtoull(bytes, nullptr, 10);
  const rlimit limit{most, most};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  // So that nothing of the destructor's hides a process that went on.
  for (int i = 0; i < 1000; ++i) {
    for (int k = 0; k < 100; ++k) s->journal().append(sample_record(s->journal().last() + 1));
    std::this_thread::sleep_for(millis{1});
  }
  ::_exit(0);
}

}  // namespace
}  // namespace switchboard::store

int main(int argc, char** argv) {
  using namespace switchboard::store;
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "append" && argc >= 4) return append(argv[2], argv[3], argc > 4 ? argv[4] : nullptr);
  if (mode == "starve" && argc == 4) return starve(argv[2], argv[3]);
  std::fprintf(stderr, "usage: store_child append DIR ACKS [LOG] | starve DIR BYTES\n");
  return 2;
}
