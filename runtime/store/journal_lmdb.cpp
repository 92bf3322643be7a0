#include "runtime/store/journal_lmdb.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <unistd.h>

#include "runtime/base/thread_name.hpp"
#include "runtime/store/damage.hpp"
#include "runtime/store/record_format.hpp"

namespace switchboard::store {
namespace {

/// How long the writer sleeps at most: maps, disk and lag are looked at, and old records trimmed,
/// also when all is quiet.
constexpr millis writer_patience{100};
/// Beside appends twice as many go as come, and at least a few; with nothing to append, as many as
/// a commit bears without keeping the next append waiting.
constexpr std::size_t trim_least = 64;
constexpr std::size_t trim_most = 4096;
constexpr std::size_t trim_idle = 1024;
constexpr std::size_t rewrite_batch = 1024;
/// How often a writer without room looks for it, and how much it keeps meanwhile, in its queue's
/// limits.
constexpr millis room_pause{200};
constexpr std::size_t most_kept = 8;

}  // namespace

void exit_with_reason(std::string_view reason) {
  std::fprintf(stderr, "switchboard: the store cannot go on: %.*s\n",
               static_cast<int>(reason.size()), reason.data());
  std::fflush(stderr);
  ::_exit(1);
}

journal_lmdb::journal_lmdb(const journal_options& options, std::unique_ptr<lmdb_env> env)
    : options_(options),
      env_(std::move(env)),
      feed_(queue_, options.feed_bytes),
      gate_(options.limits, *env_),
      retention_(options.retention),
      pace_(options.commit_gap) {}

journal_lmdb::~journal_lmdb() {
  stop();
}

result<std::unique_ptr<journal_lmdb>> journal_lmdb::open(const journal_options& options) {
  SB_INVARIANT(options.clock != nullptr);
  auto env = lmdb_env::open(options.env);
  if (!env) return tl::unexpected(env.error());
  auto it = std::unique_ptr<journal_lmdb>(new journal_lmdb(options, std::move(*env)));
  if (auto loaded = it->load(); !loaded) return tl::unexpected(loaded.error());
  return it;
}

result<void> journal_lmdb::load() {
  auto records = env_->table("records", key_order::integer);
  if (!records) return tl::unexpected(records.error());
  auto about = env_->table("about");
  if (!about) return tl::unexpected(about.error());
  records_ = *records;
  about_ = *about;
  auto txn = env_->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  if (auto oldest = txn->first(records_)) first_ = integer_of(oldest->key);
  if (auto newest = txn->last(records_)) durable_ = integer_of(newest->key);
  queue_.start_after(durable_);
  return {};
}

position journal_lmdb::append(record r) {
  thread_local std::string bytes;
  bytes.clear();
  encode_record(r, bytes);
  const position at = queue_.push(bytes);
  // One huge record must not keep its memory in every thread that ever wrote one.
  if (bytes.capacity() > append_queue::run_bytes) bytes = std::string();
  return at;
}

result<position> journal_lmdb::read(position from, std::size_t limit,
                                    const std::function<bool(const placed_record&)>& visit) const {
  from = std::max<position>(from, 1);
  const position end = durable();
  if (from > end || limit == 0) return from;
  auto txn = env_->begin_read();
  if (!txn) return tl::unexpected(txn.error());
  position expected = from;
  std::optional<error> trouble;
  bool enough = false;
  placed_record into;
  auto take = [&](std::string_view key, std::string_view value) {
    const position at = integer_of(key);
    if (at > end) return false;
    if (at != expected) {
      bool trimmed = expected == from && integer_of(txn->first(records_)->key) == at;
      trouble =
          trimmed ? error{errc::failed_precondition, "the journal begins later", "",
                          "first_position", std::int64_t(at)}
                  : error{errc::internal,
                          "journal record " + std::to_string(expected) + " is missing", "", "", 0};
      return false;
    }
    if (auto decoded = decode_record(value, at, into); !decoded) {
      trouble = decoded.error();
      return false;
    }
    ++expected;
    enough = !visit(into) || expected - from >= limit;
    return !enough;
  };
  try {
    txn->scan(records_, integer_key(from), take);
  } catch (const damaged_data& e) {
    trouble = error{errc::internal, "journal record " + std::to_string(expected) + ": " + e.what(),
                    "", "", 0};
  }
  if (!trouble && !enough && expected <= end) {
    trouble = error{errc::internal, "journal record " + std::to_string(expected) + " is missing",
                    "", "", 0};
  }
  if (!trouble) return expected;
  if (trouble->code == errc::internal) {
    trouble->detail_name = damaged_record;
    trouble->detail = std::int64_t(expected);
  }
  return tl::unexpected(*trouble);
}

result<void> journal_lmdb::verify(position from) const {
  const position end = durable();
  while (from <= end) {
    auto next = read(from, 10'000, [](const placed_record&) { return true; });
    if (!next) return tl::unexpected(next.error());
    if (*next == from) {
      return fail(errc::internal, "journal record " + std::to_string(from) + " is missing");
    }
    from = *next;
  }
  return {};
}

void journal_lmdb::start(position projected, const lmdb_env* state) {
  projected_ = projected;
  feed_.start_at(durable_, projected, options_.clock->now());
  if (state) gate_.watch_state(*state);
  gate_.refresh(durable_ - projected, millis{0});
  writer_ = std::thread([this] {
    name_this_thread("journal");
    write_until_stopped();
  });
}

void journal_lmdb::stop() {
  queue_.stop();
  if (writer_.joinable()) writer_.join();
}

void journal_lmdb::note_projected(position at) {
  projected_.store(at, std::memory_order_release);
  feed_.note_projected(at);
}

void journal_lmdb::fail_for_good(const error& why) {
  gate_.close("journal failed: " + why.message);
  options_.on_fatal("journal: " + why.message);
}

void journal_lmdb::write_until_stopped() {
  for (;;) {
    if (queue_.wait(trimming_ && trim_due() ? millis{0} : writer_patience)) {
      const auto gap = pace_.wait(std::chrono::steady_clock::now());
      if (gap.count() > 0) std::this_thread::sleep_for(gap);
    }
    auto runs = queue_.take(options_.batch_bytes);
    if (runs.empty() && queue_.stopped()) return;
    if (!runs.empty() || trim_due()) {
      // Trimming holds up what is appended meanwhile, too.
      gate_.writing(runs.empty() ? std::chrono::steady_clock::now() : runs.front()->since);
      auto done = commit(runs);
      if (!done && !is_full(done.error())) return fail_for_good(done.error());
      if (!done && !wait_for_room(runs, done.error())) return;
    }
    gate_.refresh(durable() - projected(), feed_.lag(options_.clock->now()));
    // A look at the disk may hang as well.
    gate_.writing({});
  }
}

/// Nothing of the failed commit is on disk, and nobody was told of it: the same runs are committed
/// when there is room. Answers false when the writer is to end.
bool journal_lmdb::wait_for_room(record_runs& runs, const error& why) {
  auto say = [&](std::string_view event, const std::string& words) {
    if (options_.on_notice) options_.on_notice(event, words);
  };
  const auto words = "the journal has no room (" + why.message +
                     "): make journal.map_size larger and start again, or free space on its disk";
  stalled_ = true;
  gate_.stall(words);
  say("journal_full", words);
  for (;;) {
    std::this_thread::sleep_for(room_pause);
    // What is past its time goes first, in a transaction of its own: it may be all that is needed.
    record_runs none;
    auto done = trim_due() ? commit(none) : result<void>{};
    if (done || is_full(done.error())) done = commit(runs);
    if (done) break;
    if (!is_full(done.error())) return fail_for_good(done.error()), false;
    if (queue_.bytes() > most_kept * options_.limits.queued_bytes) return fail_for_good(why), false;
    if (queue_.stopped()) {
      say("journal_full",
          "ended with records that nobody was told of, which the journal has no room for");
      return false;
    }
    gate_.refresh(durable() - projected(), feed_.lag(options_.clock->now()));
  }
  stalled_ = false;
  gate_.stall({});
  say("journal_has_room", "the journal goes on");
  return true;
}

result<void> journal_lmdb::append_runs(lmdb_write& txn, record_runs& runs) {
  for (auto& run : runs) {
    gate_.spend(run->bytes.size());
    for (std::size_t i = 0; i < run->size(); ++i) {
      const position at = run->first + i;
      if (i == run->sealed) {
        seal_record(run->bytes.data() + run->begin_of(i), at);
        ++run->sealed;
      }
      auto done = txn.append(records_, integer_key(at), run->at(i));
      if (!done) return done;
    }
  }
  return {};
}

namespace {

/// To trim takes pages too, before it gives any back: a map that records have filled to its last
/// page could never be trimmed again. Where it has grown to its end, records are only taken that
/// leave some.
template <class Runs>
result<void> leave_spare_pages(const lmdb_usage& usage, lmdb_write& txn, lmdb_table records,
                               const Runs& runs) {
  constexpr std::size_t page = 4096, spare = 16;
  std::uint64_t near = 4 * spare * page;
  for (auto& run : runs) near += 2 * run->bytes.size();
  if (usage.high_water + near < usage.mapped) return {};
  // Each takes a page of its own. They are given back at once: room is all that is asked.
  const std::string filling(3000, '\0');
  constexpr auto last = std::numeric_limits<position>::max();
  for (position i = 0; i < spare; ++i) {
    if (auto done = txn.put(records, integer_key(last - i), filling); !done) return done;
  }
  for (position i = 0; i < spare; ++i) {
    if (auto done = txn.erase(records, integer_key(last - i)); !done) return done;
  }
  return {};
}

}  // namespace

result<void> journal_lmdb::commit(record_runs& runs) {
  std::size_t appended = 0;
  for (auto& run : runs) appended += run->size();
  pace_.note(std::chrono::steady_clock::now(), appended);
  auto txn = env_->begin_write();
  if (!txn) return tl::unexpected(txn.error());
  if (auto done = append_runs(*txn, runs); !done) return done;
  if (!runs.empty()) {
    if (auto done = leave_spare_pages(env_->usage(), *txn, records_, runs); !done) return done;
  }
  position first = this->first();
  if (trim_due()) {
    const auto beside = std::clamp(2 * appended, trim_least, trim_most);
    auto trimmed = trim(*txn, appended == 0 ? trim_idle : beside);
    if (!trimmed) return tl::unexpected(trimmed.error());
    first = *trimmed;
  }
  if (auto done = txn->commit(); !done) return done;
  commits_.fetch_add(1, std::memory_order_relaxed);
  first_.store(first, std::memory_order_release);
  if (runs.empty()) return {};
  const position now_durable = runs.back()->last();
  durable_.store(now_durable, std::memory_order_release);
  calls_.call(now_durable);
  feed_.push(std::move(runs), now_durable, options_.clock->now());
  return {};
}

bool journal_lmdb::trim_due() const {
  return trim_holds_ == 0 && std::chrono::steady_clock::now() >= next_trim_;
}

/// Erases the oldest records that are past retention and projected. The newest record stays
/// whatever its age, for it is what tells the next start where positions go on. Answers the first
/// position left.
result<position> journal_lmdb::trim(lmdb_write& txn, std::size_t at_most) {
  const timestamp cutoff = options_.clock->now() - retention_.load(std::memory_order_relaxed);
  const position below =
      std::min({projected(), durable(), keep_above_.load(std::memory_order_relaxed)});
  std::vector<position> old;
  txn.scan(records_, {}, [&](std::string_view key, std::string_view value) {
    const position at = integer_of(key);
    if (at >= below || record_time(value) >= cutoff || old.size() == at_most) return false;
    old.push_back(at);
    return true;
  });
  trimming_ = old.size() == at_most;
  if (!trimming_) next_trim_ = std::chrono::steady_clock::now() + options_.trim_pause;
  for (position at : old) {
    if (auto done = txn.erase(records_, integer_key(at)); !done) {
      return tl::unexpected(done.error());
    }
  }
  return old.empty() ? first() : old.back() + 1;
}

result<std::size_t> journal_lmdb::rewrite(
    const std::function<std::optional<record_edit>(const placed_record&)>& edit) {
  std::size_t edited = 0;
  for (position from = first(), end = durable(); from <= end;) {
    std::vector<placed_record> batch;
    auto next = read(from, rewrite_batch, [&](const placed_record& r) {
      if (auto edited = edit(r)) {
        batch.push_back(r);
        batch.back().body.events = std::move(edited->events);
        if (!edited->key.empty()) batch.back().body.key = std::move(edited->key);
      }
      return true;
    });
    if (!next && next.error().detail_name == "first_position") {
      from = static_cast<position>(next.error().detail);
      continue;
    }
    if (!next) return tl::unexpected(next.error());
    from = *next;
    if (batch.empty()) continue;
    auto txn = env_->begin_write();
    if (!txn) return tl::unexpected(txn.error());
    for (const auto& r : batch) {
      // Trimmed meanwhile: putting it back would leave a gap.
      if (!txn->get(records_, integer_key(r.at))) continue;
      std::string bytes;
      encode_record(r.body, bytes, true);
      seal_record(bytes.data(), r.at);
      auto done = txn->put(records_, integer_key(r.at), bytes);
      if (!done) return tl::unexpected(done.error());
      ++edited;
    }
    if (auto done = txn->commit(); !done) return tl::unexpected(done.error());
  }
  return edited;
}

}  // namespace switchboard::store
