#include "tools/switchboardd/daemon_store.hpp"

#include <filesystem>
#include <fstream>

#include "actors/catalog/catalog_projection.hpp"
#include "actors/configuration/configuration_projection.hpp"
#include "actors/read_model/projection/agent_projection.hpp"
#include "actors/read_model/projection/card_projection.hpp"
#include "actors/read_model/projection/customer_projection.hpp"
#include "actors/read_model/projection/left_message_projection.hpp"
#include "actors/read_model/projection/session_forgetting.hpp"
#include "actors/read_model/projection/session_projection.hpp"
#include "adapters/attachment/attachment_store.hpp"
#include "adapters/channel/feed/consumer_projection.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/log/log.hpp"
#include "tools/switchboardd/daemon_plan.hpp"
#include "tools/switchboardd/state_renewals.hpp"

namespace switchboard {
namespace {

/// Of a configuration that is not known yet nothing is forgotten early.
constexpr millis longest_key_retention{30LL * 24 * 3'600'000};

void pack_map(codec::packer& p, const store::lmdb_usage& used, std::optional<double> days) {
  p.map(3).str("used").uinteger(used.in_use()).str("limit").uinteger(used.map_size);
  p.str("days_to_full");
  if (days)
    p.real(*days);
  else
    p.nil();
}

}  // namespace

daemon_store::daemon_store(const config::daemon_options& options, const clock_source& clock)
    : options_(options),
      clock_(clock),
      keys_kept_(longest_key_retention),
      sessions_kept_(options.session.keep) {}

std::string daemon_store::compaction_mark() const {
  return options_.data_dir + "/compact.wanted";
}

void daemon_store::want_compaction() const {
  std::ofstream(compaction_mark()) << "a customer was erased\n";
}

/// Whoever erases a customer leaves a mark. A copy that finds no room, or damage, is made at a
/// later start: customers are served meanwhile.
result<void> daemon_store::compact_if_wanted() {
  if (!std::filesystem::exists(compaction_mark())) return {};
  log::info("store_compaction_started", {});
  auto done = store::compact_store(plan());
  if (done) done = attachment::attachment_store::compact(files_of(options_));
  if (!done && done.error().code == errc::failed_precondition) return done;
  if (!done) {
    log::error("store_not_compacted", {{"why", log::technical{done.error().message}}});
    return {};
  }
  std::error_code ec;
  std::filesystem::remove(compaction_mark(), ec);
  log::info("store_compacted", {});
  return {};
}

std::function<std::size_t(store::state_batch&, std::size_t)> daemon_store::forgetting() {
  auto forgetter = std::make_shared<projecting::session_forgetter>();
  return [this, forgetter](store::state_batch& batch, std::size_t at_most) -> std::size_t {
    auto before = [&](const std::vector<session_id>& sessions) {
      std::vector<std::string> names;
      for (auto& s : sessions) names.push_back(s.text());
      std::lock_guard lock(release_mutex_);
      return release_ && release_(names);
    };
    return forgetter->forget(batch, wall_time(clock_) - sessions_kept_.load(), at_most, before);
  };
}

store::store_options daemon_store::plan() {
  auto o = store_of(options_, clock_);
  o.projecting.tidy = forgetting();
  o.renewals = state_renewals();
  return o;
}

result<void> daemon_store::open() {
  std::vector<std::shared_ptr<store::projection>> projections{
      std::make_shared<session_projection>([this] { return keys_kept_.load(); }),
      std::make_shared<agent_projection>(),
      std::make_shared<customer_projection>(),
      std::make_shared<configuration_projection>(),
      std::make_shared<left_message_projection>(),
      std::make_shared<card_projection>(),
      std::make_shared<catalog_projection>(),
      make_consumer_projection()};
  if (auto ok = compact_if_wanted(); !ok) return ok;
  auto opened = store::open_store(plan(), std::move(projections));
  if (!opened) return tl::unexpected(opened.error());
  store_ = std::move(*opened);
  // What the last run had not projected is projected first: look-ups by key (repeated opens,
  // continuations) must miss nothing.
  constexpr millis patience{120'000};
  if (!store_->wait_projected(store_->journal().last(), patience)) {
    return fail(errc::unavailable, "the journal's tail was not projected within two minutes");
  }
  return {};
}

void daemon_store::take_options(const config::daemon_options& o) {
  sessions_kept_ = o.session.keep;
  if (store_) store_->take_limits(o.journal.retention, map_share_of(o));
}

void daemon_store::forget_files_by(file_release release) {
  std::lock_guard lock(release_mutex_);
  release_ = std::move(release);
}

store::admission daemon_store::takes_work() const {
  auto a = store_->gate().answers();
  return a.open ? store_->gate().admits(store::work::begins) : a;
}

void daemon_store::pack_status(codec::packer& p) const {
  const auto s = store_->stats();
  const auto a = takes_work();
  const auto room = store_->room();
  p.str("journal").map(6);
  p.str("last").uinteger(s.last).str("durable").uinteger(s.durable).str("first").uinteger(s.first);
  p.str("projected").uinteger(store_->journal().projected());
  p.str("admission").boolean(a.open);
  field(p, "reason", a.reason);
  p.str("store").map(7);
  pack_map(p.str("journal"), room.journal, room.days_of_journal);
  pack_map(p.str("state"), room.state, room.days_of_state);
  p.str("journal_full").boolean(s.journal_full);
  p.str("state_full").boolean(s.projecting.aside);
  p.str("takes").str(store_->gate().admits(store::work::begins).open    ? "everything"
                     : store_->gate().admits(store::work::goes_on).open ? "what is under way"
                     : store_->gate().admits(store::work::frees).open   ? "what frees"
                                                                        : "reads");
  p.str("forgotten_sessions").uinteger(s.projecting.tidied);
  p.str("damaged_values").uinteger(s.damaged_values);
}

void daemon_store::collect(metrics::page& page) const {
  const auto s = store_->stats();
  page.gauge("switchboard_journal_last_position", "Last position given out.",
             static_cast<double>(s.last));
  page.gauge("switchboard_journal_durable_position", "Everything up to here is on disk.",
             static_cast<double>(s.durable));
  page.gauge("switchboard_journal_projected_position", "Everything up to here is in the state.",
             static_cast<double>(store_->journal().projected()));
  for (auto& [name, used] : {std::pair{"journal", s.journal}, std::pair{"state", s.state}}) {
    page.gauge("switchboard_store_file_bytes",
               "How large a map's file has grown; it never shrinks.",
               static_cast<double>(used.high_water), {{"map", name}});
    page.gauge("switchboard_store_map_bytes", "How large it may grow.",
               static_cast<double>(used.map_size), {{"map", name}});
  }
  page.gauge("switchboard_store_full", "1 while journal or state has no room.",
             s.journal_full || s.projecting.aside ? 1 : 0);
  page.counter("switchboard_store_damaged_values_total", "Damaged values of the state met.",
               static_cast<double>(s.damaged_values));
  page.counter("switchboard_sessions_forgotten_total",
               "Sessions that left the state after their time.",
               static_cast<double>(s.projecting.tidied));
}

}  // namespace switchboard
