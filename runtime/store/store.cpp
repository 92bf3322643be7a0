#include "runtime/store/store.hpp"

#include <cstdio>
#include <random>
#include <set>
#include <utility>

namespace switchboard::store {
namespace {

constexpr std::string_view id_key = "store_id";
constexpr std::string_view layout_key = "layout";

std::string fresh_id() {
  std::random_device random;
  std::string id;
  char digits[9];
  for (int i = 0; i < 4; ++i) {
    std::snprintf(digits, sizeof digits, "%08x", random());
    id += digits;
  }
  return id;
}

result<std::string> read_about(const lmdb_env& env, lmdb_table about, std::string_view key) {
  auto txn = env.begin_read();
  if (!txn) return tl::unexpected(txn.error());
  return std::string(txn->get(about, key).value_or(std::string_view{}));
}

result<void> write_about(lmdb_env& env, lmdb_table about, std::string_view key,
                         const std::string& value) {
  auto txn = env.begin_write();
  if (!txn) return tl::unexpected(txn.error());
  if (auto done = txn->put(about, key, value); !done) return done;
  return txn->commit();
}

}  // namespace

lmdb_options journal_environment(const store_options& options) {
  return {options.dir + "/journal", options.journal_map_bytes, 8, options.max_readers};
}

lmdb_options state_environment(const store_options& options) {
  return {options.dir + "/state", options.state_map_bytes, 128, options.max_readers};
}

store::~store() {
  stop();
  projector_.reset();
  state_.reset();
  journal_.reset();
}

result<void> store::open_environments(const std::vector<std::shared_ptr<projection>>& projections) {
  journal_options j;
  j.env = journal_environment(options_);
  j.limits = options_.limits;
  j.retention = options_.retention;
  j.trim_pause = options_.trim_pause;
  j.clock = options_.clock;
  j.feed_bytes = options_.feed_bytes;
  j.on_fatal = options_.on_fatal;
  auto opened = journal_lmdb::open(j);
  if (!opened) return tl::unexpected(opened.error());
  journal_ = std::move(*opened);

  std::set<std::string> names;
  for (const auto& p : projections) {
    for (auto& name : p->tables()) names.insert(std::move(name));
  }
  auto state = state_lmdb::open(state_environment(options_), {names.begin(), names.end()});
  if (!state) return tl::unexpected(state.error());
  state_ = std::move(*state);
  return {};
}

result<void> store::agree_on_id() {
  auto of_journal = read_about(journal_->env(), journal_->about(), id_key);
  if (!of_journal) return tl::unexpected(of_journal.error());
  auto of_state = read_about(state_->env(), state_->about(), id_key);
  if (!of_state) return tl::unexpected(of_state.error());
  if (!of_state->empty() && *of_state != *of_journal) {
    return fail(errc::failed_precondition,
                "state and journal in " + options_.dir + " are not of one store: state " +
                    *of_state + ", journal " + (of_journal->empty() ? "new" : *of_journal));
  }
  id_ = of_journal->empty() ? fresh_id() : *of_journal;
  if (of_journal->empty()) {
    if (auto done = write_about(journal_->env(), journal_->about(), id_key, id_); !done) return done;
  }
  if (!of_state->empty()) return check_layout();
  auto layout = std::to_string(options_.state_layout);
  if (auto done = write_about(state_->env(), state_->about(), layout_key, layout); !done) return done;
  return write_about(state_->env(), state_->about(), id_key, id_);
}

result<void> store::check_layout() const {
  auto written = read_about(state_->env(), state_->about(), layout_key);
  if (!written) return tl::unexpected(written.error());
  // Those of the first layout did not say so.
  auto found = written->empty() ? std::string("1") : *written;
  auto read = std::to_string(options_.state_layout);
  if (found == read) return {};
  return fail(errc::failed_precondition, "the state in " + options_.dir + " has table layout " +
                                             found + ", this program reads layout " + read +
                                             ": start the version that wrote it");
}

result<void> store::check_positions() const {
  const position projected = state_->projected();
  if (projected > journal_->durable()) {
    return fail(errc::failed_precondition,
                "the state in " + options_.dir + " is at record " + std::to_string(projected) +
                    ", but its journal ends at " + std::to_string(journal_->durable()) +
                    ": it was restored without its journal, or the journal lost its end");
  }
  if (projected + 1 < journal_->first()) {
    return fail(errc::failed_precondition,
                "the state in " + options_.dir + " is at record " + std::to_string(projected) +
                    ", but its journal begins at " + std::to_string(journal_->first()) +
                    ": the records between are gone");
  }
  return journal_->verify(projected + 1);
}

result<std::unique_ptr<store>> open_store(const store_options& options,
                                          std::vector<std::shared_ptr<projection>> projections) {
  SB_INVARIANT(options.clock != nullptr);
  auto it = std::unique_ptr<store>(new store(options));
  auto lock = directory_lock::take(options.dir);
  if (!lock) return tl::unexpected(lock.error());
  it->lock_ = std::move(*lock);
  if (auto ok = it->open_environments(projections); !ok) return tl::unexpected(ok.error());
  if (auto ok = it->agree_on_id(); !ok) return tl::unexpected(ok.error());
  if (auto ok = it->check_positions(); !ok) return tl::unexpected(ok.error());
  if (auto ok = renew_state(*it->state_, options.renewals); !ok) return tl::unexpected(ok.error());
  projector_options p = options.projecting;
  p.on_fatal = options.on_fatal;
  it->projector_ =
      std::make_unique<projector>(*it->journal_, *it->state_, std::move(projections), p);
  it->journal_->start(it->state_->projected(), &it->state_->env());
  it->projector_->start();
  return it;
}

void store::stop() {
  if (journal_) journal_->stop();
  if (projector_) projector_->stop();
}

store_stats store::stats() const {
  store_stats s;
  s.projecting = projector_->stats(options_.clock->now());
  s.first = journal_->first();
  s.durable = journal_->durable();
  s.last = journal_->last();
  s.commits = journal_->commits();
  s.queued_bytes = journal_->queued_bytes();
  s.journal = journal_->env().usage();
  s.state = state_->env().usage();
  s.disk_free_bytes = journal_->disk_free();
  return s;
}

}  // namespace switchboard::store
