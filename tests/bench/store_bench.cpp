// Appended and durable records per second with so many outstanding, and how fast the projector
// follows. Prints JSON lines.
//   store_bench [directory, emptied, on the disk to be measured] [seconds, 0 for none of the first]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <thread>
#include <vector>

#include "tests/store/store_fixture.hpp"

namespace switchboard::store {
namespace {

using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point t) {
  return std::chrono::duration<double>(steady::now() - t).count();
}

/// `threads` appenders share `outstanding`: each waits until what it appended before has been
/// durable.
void durable_rate(const std::string& dir, int outstanding, int threads, double seconds) {
  std::filesystem::remove_all(dir);
  hand_clock clock;
  auto options = small_store(dir, clock);
  options.journal_map_bytes = options.state_map_bytes = std::size_t{16} << 30;
  auto s = must_open(options, {std::make_shared<null_projection>()});
  auto& j = s->journal();
  std::mutex mutex;
  std::condition_variable moved;
  j.on_durable([&](position) {
    { std::lock_guard lock(mutex); }
    moved.notify_all();
  });
  std::vector<float> waits;
  const auto began = steady::now();
  std::vector<std::jthread> pool;
  for (int t = 0; t < threads; ++t) {
    pool.emplace_back([&, t] {
      const int share = std::max(1, outstanding / threads);
      std::vector<float> mine;
      while (seconds_since(began) < seconds) {
        const auto sent = steady::now();
        position last = 0;
        for (int i = 0; i < share; ++i) last = j.append(sample_record(i + t, 200));
        std::unique_lock lock(mutex);
        moved.wait(lock, [&] { return j.durable() >= last; });
        mine.push_back(std::chrono::duration<float, std::milli>(steady::now() - sent).count());
      }
      std::lock_guard lock(mutex);
      waits.insert(waits.end(), mine.begin(), mine.end());
    });
  }
  pool.clear();
  const double took = seconds_since(began);
  std::sort(waits.begin(), waits.end());
  const auto stats = s->stats();
  std::printf(
      "{\"bench\":\"durable\",\"outstanding\":%d,\"threads\":%d,\"records_per_s\":%.0f,"
      "\"commits_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
      outstanding, threads, double(stats.durable) / took, double(stats.commits) / took,
      waits[waits.size() / 2], waits[waits.size() * 99 / 100]);
  std::fflush(stdout);
}

/// Keeps the newest events of each of many entities, as snapshots of live sessions are kept.
class snapshot_projection final : public projection {
 public:
  std::vector<std::string> tables() const override { return {"snapshots"}; }
  void fold(const placed_record& r, const state_view&) override {
    newest_[r.body.key] = r.body.events;
  }
  void flush(state_batch& batch) override {
    for (const auto& [key, events] : newest_) batch.put("snapshots", key, events);
    newest_.clear();
  }

 private:
  std::map<std::string, std::string> newest_;
};

/// Appends without a pause, then sees how long state and journal take.
void open_loop(const std::string& dir, position records, std::uint64_t entities,
               std::shared_ptr<projection> into) {
  std::filesystem::remove_all(dir);
  hand_clock clock;
  auto options = small_store(dir, clock);
  options.journal_map_bytes = options.state_map_bytes = std::size_t{16} << 30;
  options.projecting.flush_interval = millis{200};
  auto s = must_open(options, {std::move(into)});
  std::vector<record> made;
  for (std::uint64_t n = 0; n < entities; ++n) {
    made.push_back(sample_record(n, 200));
    made.back().key = "session" + std::to_string(n * 0x9e3779b97f4a7c15ull);
  }
  const auto began = steady::now();
  for (position n = 0; n < records; ++n) s->journal().append(made[n % made.size()]);
  const double appended = seconds_since(began);
  wait_durable(s->journal(), records);
  const double durable = seconds_since(began);
  s->wait_projected(records, millis{60'000});
  const double projected = seconds_since(began);
  const auto stats = s->stats();
  std::printf("{\"bench\":\"open_loop\",\"records\":%.0f,\"entities\":%.0f,\"append_per_s\":%.0f,",
              double(records), double(entities), double(records) / appended);
  std::printf("\"durable_per_s\":%.0f,\"projected_per_s\":%.0f,", double(records) / durable,
              double(records) / projected);
  std::printf("\"batches\":%.0f,\"read_back\":%.0f}\n", double(stats.projecting.batches),
              double(stats.projecting.read_back));
  std::fflush(stdout);
}

}  // namespace
}  // namespace switchboard::store

int main(int argc, char** argv) {
  using namespace switchboard::store;
  const std::string dir = argc > 1 ? argv[1] : "store_bench.data";
  const double seconds = argc > 2 ? std::atof(argv[2]) : 3;
  if (seconds > 0) {
    durable_rate(dir, 1, 1, seconds);
    durable_rate(dir, 64, 2, seconds);
    durable_rate(dir, 1024, 2, seconds);
    durable_rate(dir, 1024, 8, seconds);
  }
  open_loop(dir, 2'000'000, 1000, std::make_shared<null_projection>());
  open_loop(dir, 2'000'000, 1000, std::make_shared<snapshot_projection>());
  open_loop(dir, 2'000'000, 100'000, std::make_shared<snapshot_projection>());
  std::filesystem::remove_all(dir);
  return 0;
}
