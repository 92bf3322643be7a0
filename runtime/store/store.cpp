#include "runtime/store/store.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <utility>

#include "runtime/base/hash.hpp"
#include "runtime/store/damage.hpp"
#include "runtime/store/state_mending.hpp"

namespace switchboard::store {
namespace {

constexpr std::string_view id_key = about_state::store_id;
/// The store's own, among the projections' tables.
constexpr std::string_view usage_table = "_usage";

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

/// A start over a full map has so much for what nobody asks for: agents who are gone, offers that
/// end.
std::size_t headroom_of(std::size_t map) {
  return std::clamp<std::size_t>(map / 16, std::size_t{256} << 10, std::size_t{1} << 30);
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
  return {options.dir + "/journal", options.journal_map_bytes,
          headroom_of(options.journal_map_bytes), 8, options.max_readers};
}

lmdb_options state_environment(const store_options& options) {
  return {options.dir + "/state", options.state_map_bytes, headroom_of(options.state_map_bytes),
          128, options.max_readers};
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
  j.commit_gap = options_.commit_gap;
  j.clock = options_.clock;
  j.feed_bytes = options_.feed_bytes;
  j.on_fatal = options_.on_fatal;
  j.on_notice = options_.on_notice;
  auto opened = journal_lmdb::open(j);
  if (!opened) return tl::unexpected(opened.error());
  journal_ = std::move(*opened);

  std::set<std::string> names{std::string(usage_table)};
  for (const auto& p : projections) {
    for (auto& name : p->tables()) names.insert(std::move(name));
  }
  const std::vector<std::string> tables(names.begin(), names.end());
  if (auto done = heed_damage_mark(); !done) return done;
  auto done = open_state(tables);
  if (done || done.error().code == errc::failed_precondition) return done;
  if (auto anew = make_state_anew(done.error()); !anew) return anew;
  return open_state(tables);
}

result<void> store::open_state(const std::vector<std::string>& tables) {
  const auto environment = state_environment(options_);
  auto migrated =
      migrate_state(environment, options_.state_layout, options_.layout_steps, options_.on_notice);
  if (!migrated) return migrated;
  auto state = state_lmdb::open(
      environment, tables,
      [this](std::string_view table, std::string_view key) { name_damage(table, key); });
  if (!state) return tl::unexpected(state.error());
  state_ = std::move(*state);
  return {};
}

/// A state that cannot be read is made anew where the journal still has everything; else it is
/// named.
result<void> store::make_state_anew(const error& why) {
  if (why.detail_name != "page") return tl::unexpected(why);
  const auto dir = state_environment(options_).dir;
  if (journal_->first() != 1) {
    auto said = why;
    said.message += ": restore a backup; the journal begins at record " +
                    std::to_string(journal_->first()) +
                    ", so the state cannot be made anew from it";
    return tl::unexpected(said);
  }
  std::error_code ec;
  const std::string aside = dir + ".damaged";
  std::filesystem::remove_all(aside, ec);
  std::filesystem::rename(dir, aside, ec);
  if (ec) return fail(errc::internal, "cannot move " + dir + " aside: " + ec.message());
  say("state_made_anew", why.message + ": it lies in " + aside +
                             " now, and is made anew from the journal, which has everything");
  return {};
}

/// Once for each value: it is met at every read.
void store::name_damage(std::string_view table, std::string_view key) {
  constexpr std::size_t most_named = 1000;
  const auto sum = fnv1a(key, fnv1a(table));
  {
    std::lock_guard lock(usage_mutex_);
    if (damage_named_.size() >= most_named || !damage_named_.insert(sum).second) return;
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(fnv1a(key)));
  const bool has_all = journal_->first() == 1;
  std::ofstream(damage_mark()) << "a value of the state is damaged\n";
  say("state_value_damaged",
      "in table " + std::string(table) + ", key " + digits +
          (has_all ? ": the next start makes the state anew from the journal, which has everything"
                   : ": the next start makes it anew if the journal has all that it is of, and "
                     "says so"));
}

std::string store::damage_mark() const {
  return options_.dir + "/state.is_damaged";
}

/// A run that met a damaged value has left a mark.
result<void> store::heed_damage_mark() {
  std::error_code ec;
  if (!std::filesystem::remove(damage_mark(), ec)) return {};
  to_mend_ = journal_->first() != 1;
  if (to_mend_) return {};
  return make_state_anew({errc::internal, "the last run met damaged values", {}, "page", 0});
}

result<void> store::mend_state(const std::vector<std::shared_ptr<projection>>& projections) {
  if (!to_mend_) return {};
  auto done = mend_values(*state_, *journal_, projections, options_.mending);
  // Without room it stays as it is: the next run names it again.
  if (!done && is_full(done.error())) return {};
  if (!done) return tl::unexpected(done.error());
  if (done->mended > 0)
    say("state_values_mended",
        std::to_string(done->mended) + " damaged values were made anew from the journal");
  if (done->lost == 0) return {};
  std::string tables;
  for (auto& t : done->lost_in) tables += (tables.empty() ? "" : ", ") + t;
  say("state_values_lost", std::to_string(done->lost) + " damaged values in " + tables +
                               " are older than the journal or not of one entity: what they held "
                               "is refused until a backup is restored");
  return {};
}

void store::say(std::string_view event, const std::string& words) const {
  if (options_.on_notice) options_.on_notice(event, words);
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
    if (auto done = write_about(journal_->env(), journal_->about(), id_key, id_); !done)
      return done;
  }
  if (!of_state->empty()) return {};
  const auto layout = std::to_string(options_.state_layout);
  const std::pair<std::string_view, std::string> says[] = {
      {about_state::layout, layout},
      {about_state::values, std::string(about_state::checked)},
      {id_key, id_}};
  for (auto& [key, value] : says) {
    if (auto done = write_about(state_->env(), state_->about(), key, value); !done) return done;
  }
  return {};
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
  try {
    if (auto ok = it->open_environments(projections); !ok) return tl::unexpected(ok.error());
    if (auto ok = it->agree_on_id(); !ok) return tl::unexpected(ok.error());
    if (auto ok = it->check_positions(); !ok) return tl::unexpected(ok.error());
    if (auto ok = it->mend_state(projections); !ok) return tl::unexpected(ok.error());
    if (auto ok = renew_state(*it->state_, options.renewals); !ok)
      return tl::unexpected(ok.error());
  } catch (const damaged_data& e) {
    return fail(errc::internal, options.dir + " is damaged: " + e.what());
  }
  it->projector_ = std::make_unique<projector>(*it->journal_, *it->state_, std::move(projections),
                                               it->projecting());
  it->journal_->start(it->state_->projected(), &it->state_->env());
  it->projector_->start();
  return it;
}

projector_options store::projecting() {
  auto known = state_->lenient_view();
  journal_usage_ = usage_history::decode(known->find(usage_table, "journal").value_or(""));
  state_usage_ = usage_history::decode(known->find(usage_table, "state").value_or(""));
  projector_options p = options_.projecting;
  p.on_fatal = options_.on_fatal;
  p.on_notice = options_.on_notice;
  p.tidy = [this, given = options_.projecting.tidy](state_batch& batch, std::size_t at_most) {
    note_usage(batch);
    return given ? given(batch, at_most) : 0;
  };
  return p;
}

void store::note_usage(state_batch& batch) {
  const auto now = options_.clock->now();
  {
    std::lock_guard lock(usage_mutex_);
    if (!state_usage_.due(now)) return;
  }
  const auto journal = journal_->env().usage(true).in_use();
  const auto state = state_->env().usage(true).in_use();
  std::lock_guard lock(usage_mutex_);
  journal_usage_.note(now, journal);
  state_usage_.note(now, state);
  batch.put(usage_table, "journal", journal_usage_.encode());
  batch.put(usage_table, "state", state_usage_.encode());
}

store_room store::room() const {
  store_room r;
  r.journal = journal_->env().usage(true);
  r.state = state_->env().usage(true);
  std::lock_guard lock(usage_mutex_);
  r.days_of_journal = journal_usage_.days_until(r.journal.map_size);
  r.days_of_state = state_usage_.days_until(r.state.map_size);
  return r;
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
  s.journal_full = journal_->stalled();
  s.damaged_values = state_->damaged();
  return s;
}

}  // namespace switchboard::store
