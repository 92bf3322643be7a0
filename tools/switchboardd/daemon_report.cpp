#include "tools/switchboardd/daemon_report.hpp"

#include <algorithm>

#include "actors/directory/live_actors.hpp"
#include "adapters/attachment/attachment_service.hpp"
#include "adapters/center_http/http_center_client.hpp"
#include "adapters/channel/transport/tcp_server.hpp"
#include "runtime/codec/pack.hpp"
#include "tools/command_line/version.hpp"
#include "tools/node/node.hpp"
#include "tools/switchboardd/daemon_store.hpp"

namespace switchboard {
namespace {

void collect_centers(metrics::page& page, const center::http_center_client& centers) {
  for (int k = 0; k < 4; ++k) {
    auto kind = static_cast<center::center_kind>(k);
    auto h = centers.health(kind);
    auto name = name_of(kind);
    auto calls = [&](std::string_view outcome, std::uint64_t n) {
      page.counter("switchboard_center_calls_total", "Questions to a center by what came of them.",
                   static_cast<double>(n), {{"center", name}, {"outcome", outcome}});
    };
    calls("answered", h.answered);
    calls("failed", h.failed);
    calls("timed_out", h.timed_out);
    calls("refused", h.refused);
    calls("kept_back", h.kept_back);
    calls("from_cache", h.from_cache);
    page.counter("switchboard_center_stale_total",
                 "Answers from before that stood in for a missing one.",
                 static_cast<double>(h.stale), {{"center", name}});
    page.gauge("switchboard_center_breaker_open", "1 while a center is not asked because it fails.",
               h.breaker == "closed" ? 0 : 1, {{"center", name}});
    page.gauge("switchboard_center_in_flight", "Calls to a center under way.",
               static_cast<double>(h.in_flight), {{"center", name}});
  }
}

}  // namespace

void pack_status(codec::packer& p, const reported_parts& d, std::optional<millis> waiting) {
  auto& c = d.running.counters();
  p.map(16);
  field(p, "configuration_conflicts", static_cast<std::int64_t>(d.running.disagreements()));
  field(p, "node", d.node_name);
  field(p, "version", version());
  field(p, "uptime_ms", (d.clock.now() - d.started).count());
  field(p, "store_id", d.stored->id());
  p.str("sessions").map(8).str("opened").integer(c.opened);
  for (std::size_t i = 0; i < c.in_phase.size(); ++i) {
    p.str(to_string(static_cast<session_phase>(i))).integer(c.in_phase[i]);
  }
  p.str("messages").integer(c.messages);
  p.str("assigned").integer(c.assigned);
  // Of all since the start, whoever still waits among them; and of those alone.
  p.str("longest_wait_ms")
      .integer(std::max(c.longest_wait_ms.load(), waiting.value_or(millis{0}).count()));
  p.str("longest_waiting_ms");
  waiting ? p.integer(waiting->count()) : p.nil();
  p.str("degraded").integer(c.degraded);
  d.stored.pack_status(p);
  p.str("connections").uinteger(d.server.counters().connections_open);
  p.str("late_matches").uinteger(d.running.late_matches());
  auto counts = count_actors(d.running.probes(), d.running.directory().sessions);
  p.str("actors").map(static_cast<std::uint32_t>(counts.size()));
  for (std::size_t k = 0; k < counts.size(); ++k) {
    p.str(to_string(static_cast<actor_kind>(k))).uinteger(counts[k]);
  }
}

void collect_metrics(metrics::page& page, const reported_parts& d) {
  auto& c = d.running.counters();
  page.counter("switchboard_sessions_opened_total", "Sessions opened since the start.",
               static_cast<double>(c.opened));
  page.counter("switchboard_messages_total", "Messages recorded since the start.",
               static_cast<double>(c.messages));
  page.counter("switchboard_assigned_total", "Assignments since the start.",
               static_cast<double>(c.assigned));
  page.counter("switchboard_identification_degraded_total",
               "Findings given with something missing.", static_cast<double>(c.degraded));
  page.counter("switchboard_late_matches_total",
               "Matches that no message had led to; 0 in a sound system.",
               static_cast<double>(d.running.late_matches()));
  for (std::size_t i = 0; i < c.in_phase.size(); ++i) {
    page.gauge("switchboard_sessions", "Sessions by state.", static_cast<double>(c.in_phase[i]),
               {{"state", to_string(static_cast<session_phase>(i))}});
  }
  page.gauge("switchboard_timers", "Actors that wait for a deadline.",
             static_cast<double>(d.running.timers().armed()));
  page.counter("switchboard_timers_late_total", "Deadlines told more than two ticks late.",
               static_cast<double>(d.running.timers().late()));
  page.gauge("switchboard_takes_work", "0 while new work is refused; why, /readyz says.",
             d.stored.takes_work().open ? 1 : 0);
  page.gauge("switchboard_configuration_conflicts",
             "Things the dispatch file and what was decided while running disagree about.",
             static_cast<double>(d.running.disagreements()));
  d.stored.collect(page);
  auto files = d.attachments.used();
  page.gauge("switchboard_attachments", "Files kept.", static_cast<double>(files.attachments));
  page.gauge("switchboard_uploads", "Uploads under way.", static_cast<double>(files.uploads));
  page.gauge("switchboard_output_bytes", "Held for readers, of all connections.",
             static_cast<double>(d.outputs.held()));
  page.counter("switchboard_connections_dropped_total",
               "Connections dropped for what was held for them.",
               static_cast<double>(d.server.counters().slow_readers), {{"because", "its own"}});
  page.counter("switchboard_connections_dropped_total",
               "Connections dropped for what was held for them.",
               static_cast<double>(d.server.counters().over_share), {{"because", "the sum"}});
  page.gauge("switchboard_connections", "Connections open.",
             static_cast<double>(d.server.counters().connections_open));
  collect_centers(page, d.centers);
  auto counts = count_actors(d.running.probes(), d.running.directory().sessions);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    page.gauge("switchboard_actors", "Living actors by kind.", static_cast<double>(counts[k]),
               {{"kind", to_string(static_cast<actor_kind>(k))}});
  }
}

}  // namespace switchboard
