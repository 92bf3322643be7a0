#include "tests/store/store_fixture.hpp"

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace switchboard::store {
namespace {

std::string sample_events(std::uint64_t n, std::size_t size) {
  std::string out(size, '\0');
  std::uint64_t x = n * 0x9e3779b97f4a7c15ull + 1;
  for (auto& c : out) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    c = static_cast<char>(x);
  }
  return out;
}

/// Big-endian, so that byte order is number order.
std::string ordered(position at) {
  std::string key(8, '\0');
  for (int i = 7; i >= 0; --i, at >>= 8) key[i] = static_cast<char>(at & 0xff);
  return key;
}

}  // namespace

scratch_dir::scratch_dir() {
  std::error_code ec;
  const std::filesystem::path memory = "/dev/shm";
  const auto space = std::filesystem::space(memory, ec);
  const bool roomy = !ec && space.available > (std::uintmax_t{1} << 30);
  const auto parent = roomy ? memory : std::filesystem::temp_directory_path();
  auto pattern = (parent / "store_test_XXXXXX").string();
  if (!::mkdtemp(pattern.data())) std::abort();
  dir_ = pattern;
}

scratch_dir::~scratch_dir() {
  std::error_code ec;
  std::filesystem::remove_all(dir_, ec);
}

record sample_record(std::uint64_t n, std::size_t event_bytes) {
  record r;
  r.kind = entity_kind::session;
  r.shard = static_cast<shard_id>(n);
  r.epoch = 1;
  r.entity_seq = n;
  r.at = from_unix_ms(1'700'000'000'000);
  r.key = "key" + std::to_string(n % 16);
  r.channel = "web";
  r.events = sample_events(n, event_bytes);
  return r;
}

std::string sample_flaw(const placed_record& r) {
  const auto wanted = sample_record(r.at, r.body.events.size());
  const auto& b = r.body;
  const auto name = "record " + std::to_string(r.at);
  if (b.entity_seq != r.at) return name + " is sample " + std::to_string(b.entity_seq);
  if (b.key != wanted.key || b.channel != wanted.channel) return name + " has another key";
  if (b.shard != wanted.shard || b.epoch != 1 || b.at != wanted.at) return name + " is changed";
  if (b.events != wanted.events) return name + " has other events";
  return {};
}

void counting_projection::fold(const placed_record& r, const state_view& before) {
  auto [it, fresh] = counts_.try_emplace(r.body.key, 0);
  if (fresh) {
    if (auto known = before.find("counts", r.body.key)) it->second = std::stoull(*known);
  }
  ++it->second;
  positions_.push_back(r.at);
  ++folded;
}

void counting_projection::flush(state_batch& batch) {
  {
    std::unique_lock lock(mutex_);
    at_gate = !open_;
    gate_.wait(lock, [&] { return open_; });
    at_gate = false;
  }
  for (const auto& [key, n] : counts_) batch.put("counts", key, std::to_string(n));
  for (position at : positions_) batch.put("order", ordered(at), "x");
  counts_.clear();
  positions_.clear();
}

void counting_projection::open_gate(bool open) {
  {
    std::lock_guard lock(mutex_);
    open_ = open;
  }
  gate_.notify_all();
}

store_options small_store(const std::string& dir, const clock_source& clock) {
  store_options o;
  o.dir = dir;
  o.journal_map_bytes = std::size_t{256} << 20;
  o.state_map_bytes = std::size_t{256} << 20;
  o.max_readers = 64;
  o.clock = &clock;
  o.projecting.flush_interval = millis{20};
  o.limits.disk_free_bytes = 0;
  return o;
}

std::unique_ptr<store> must_open(const store_options& options,
                                 std::vector<std::shared_ptr<projection>> projections) {
  auto opened = open_store(options, std::move(projections));
  if (opened) return std::move(*opened);
  std::fprintf(stderr, "open_store: %s\n", opened.error().message.c_str());
  std::abort();
}

bool wait_durable(journal& j, position at) {
  return wait_until([&] { return j.durable() >= at; });
}

bool wait_until(const std::function<bool()>& met) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!met()) {
    if (std::chrono::steady_clock::now() > deadline) return met();
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  return true;
}

std::uint64_t counted(const state& s, const std::string& key) {
  auto value = s.view()->find("counts", key);
  return value ? std::stoull(*value) : 0;
}

std::uint64_t counted_in_all(const state& s) {
  std::uint64_t sum = 0;
  s.view()->scan("counts", "", [&](std::string_view, std::string_view value) {
    sum += std::stoull(std::string(value));
    return true;
  });
  return sum;
}

std::vector<position> folded_positions(const state& s) {
  std::vector<position> out;
  s.view()->scan("order", "", [&](std::string_view key, std::string_view) {
    position at = 0;
    for (unsigned char c : key) at = at << 8 | c;
    out.push_back(at);
    return true;
  });
  return out;
}

}  // namespace switchboard::store
