#include "config/option_table.hpp"

#include "config/center_section.hpp"
#include "config/option_field.hpp"
#include "config/spans.hpp"

namespace switchboard::config {
namespace {

using o = daemon_options;

std::vector<option> declare_places() {
  return {
      text(
          "node", "node1", restart, [](o& x) { return &x.node; },
          "This daemon's name among the nodes, in logs and in metrics."),
      path(
          "data_dir", "/var/lib/switchboard", restart, [](o& x) { return &x.data_dir; },
          "Where journal and state are kept; one daemon at a time."),
      path(
          "control_socket", "/run/switchboard/control.sock", restart,
          [](o& x) { return &x.control_socket; },
          "The Unix socket through which switchboardctl reaches the daemon."),
      path(
          "dispatch", "dispatch.yaml", reload, [](o& x) { return &x.dispatch; },
          "The dispatch file: groups, agents, channels, rules, texts."),
      text(
          "timezone", "UTC", restart, [](o& x) { return &x.timezone; },
          "In whose days work is counted (today's sessions, agent times): UTC, +08:00 or a name of "
          "the tz database."),
  };
}

std::vector<option> declare_log() {
  return {
      choice(
          "log.level", "info", {"trace", "debug", "info", "warn", "error"}, reload,
          [](o& x) { return &x.log.level; }, "The least important line that is written."),
      choice(
          "log.format", "text", {"text", "json"}, restart, [](o& x) { return &x.log.format; },
          "Lines for people or lines for machines."),
      path(
          "log.file", "", restart, [](o& x) { return &x.log.file; },
          "Where the log goes; empty is standard error."),
  };
}

std::vector<option> declare_edges() {
  return {
      text(
          "listen.channel.address", "127.0.0.1", restart, [](o& x) { return &x.channel.address; },
          "The address on which channels and agents connect."),
      number(
          "listen.channel.port", "7701", 0, 65535, restart, [](o& x) { return &x.channel.port; },
          "Its port; 0 lets the system choose one."),
      path(
          "tls.cert", "", restart, [](o& x) { return &x.tls.cert; },
          "The certificate chain, PEM; needed on every address that is not loopback."),
      path(
          "tls.key", "", restart, [](o& x) { return &x.tls.key; },
          "The certificate's private key, PEM."),
      flag(
          "allow_plain", "false", restart, [](o& x) { return &x.allow_plain; },
          "Whether to listen without TLS on an address that is not loopback."),
      flag(
          "metrics.enabled", "true", restart, [](o& x) { return &x.metrics.enabled; },
          "Whether this daemon answers /metrics (Prometheus), /healthz and /readyz."),
      text(
          "metrics.address", "127.0.0.1", restart, [](o& x) { return &x.metrics.address; },
          "The address of the metrics."),
      number(
          "metrics.port", "9464", 0, 65535, restart, [](o& x) { return &x.metrics.port; },
          "Their port; 0 lets the system choose one."),
      number(
          "metrics.connections", "64", 1, 10'000, restart,
          [](o& x) { return &x.metrics.connections; },
          "Connections there at once; past it the one longest without a request gives way."),
      number(
          "metrics.per_address", "32", 1, 10'000, restart,
          [](o& x) { return &x.metrics.per_address; }, "Of those, from one address; likewise."),
  };
}

std::vector<option> declare_limits() {
  return {
      size(
          "limits.message_bytes", "64KiB", kib, 16 * mib, reload,
          [](o& x) { return &x.limits.message_bytes; }, "The longest message taken."),
      number(
          "limits.depth", "16", 4, 64, reload, [](o& x) { return &x.limits.depth; },
          "The deepest nesting of a message."),
      number(
          "limits.window", "256", 1, 65536, reload, [](o& x) { return &x.limits.window; },
          "Calls of one connection in flight before its socket is left unread."),
      number(
          "limits.connections", "10000", 1, 1'000'000, reload,
          [](o& x) { return &x.limits.connections; }, "Connections of this node."),
      number(
          "limits.per_address", "1000", 1, 1'000'000, reload,
          [](o& x) { return &x.limits.per_address; }, "Connections from one address."),
      number(
          "limits.node_in_flight", "20000", 1, 10'000'000, reload,
          [](o& x) { return &x.limits.node_in_flight; },
          "Calls in flight on this node before its sockets are left unread."),
      size(
          "limits.queued_bytes_per_reader", "4MiB", 64 * kib, gib, reload,
          [](o& x) { return &x.limits.queued_bytes_per_reader; },
          "Bytes held for a slow reader before it is dropped."),
      size(
          "limits.queued_bytes_per_token", "64MiB", 64 * kib, tib, reload,
          [](o& x) { return &x.limits.queued_bytes_per_token; },
          "Bytes held for all connections of one token; past it the largest is dropped."),
      size(
          "limits.queued_bytes", "256MiB", mib, tib, reload,
          [](o& x) { return &x.limits.queued_bytes; },
          "Bytes held for all connections of this node; past it the largest of the largest token "
          "is dropped."),
      number(
          "limits.uploads", "256", 1, 100'000, restart, [](o& x) { return &x.limits.uploads; },
          "Files under way to this node at once."),
      number(
          "limits.uploads_per_token", "64", 1, 100'000, restart,
          [](o& x) { return &x.limits.uploads_per_token; },
          "Of those, how many one channel's or agent's token may have."),
      size(
          "limits.upload_disk_free", "1GiB", 0, 16 * tib, restart,
          [](o& x) { return &x.limits.upload_disk_free; },
          "Disk that files leave free; what is under way counts with all it has announced."),
      duration(
          "deadlines.hello", "5s", millis{100}, minute, reload,
          [](o& x) { return &x.deadlines.hello; }, "From connecting to a hello."),
      duration(
          "deadlines.frame", "10s", millis{100}, 10 * minute, reload,
          [](o& x) { return &x.deadlines.frame; }, "From the first byte of a message to its last."),
      duration(
          "deadlines.idle", "5m", second, day, reload, [](o& x) { return &x.deadlines.idle; },
          "Silence after which a connection is closed."),
      duration(
          "deadlines.call", "10s", millis{100}, 10 * minute, reload,
          [](o& x) { return &x.deadlines.call; },
          "From a call to its answer, deadline_exceeded at the latest."),
      duration(
          "deadlines.upload_first_piece", "15s", second, hour, restart,
          [](o& x) { return &x.deadlines.upload_first_piece; },
          "From attachment.begin to the first piece, or the upload is over."),
      duration(
          "deadlines.upload_piece", "1m", second, hour, restart,
          [](o& x) { return &x.deadlines.upload_piece; }, "From one piece of a file to the next."),
      duration(
          "deadlines.upload", "30m", second, day, restart, [](o& x) { return &x.deadlines.upload; },
          "From attachment.begin to attachment.finish."),
      duration(
          "deadlines.http", "5s", millis{100}, minute, restart,
          [](o& x) { return &x.deadlines.http; },
          "For the head of an HTTP request, for its body, and for each step of its answer's way "
          "out."),
  };
}

std::vector<option> declare_inside() {
  return {
      size(
          "journal.map_size", "64GiB", 16 * mib, 16 * tib, restart,
          [](o& x) { return &x.journal.map_size; },
          "The most the journal can ever take; address space until it is used."),
      duration(
          "journal.retention", "7d", minute, 366 * day, reload,
          [](o& x) { return &x.journal.retention; },
          "How long projected records are kept before they are trimmed."),
      number(
          "journal.admission_percent", "90", 10, 95, reload,
          [](o& x) { return &x.journal.admission_percent; },
          "How full journal or state may be before new work is refused."),
      duration(
          "journal.commit_gap", "2ms", none, millis{100}, restart,
          [](o& x) { return &x.journal.commit_gap; },
          "Least time between commits while many write at once; a lone request never waits for "
          "it."),
      size(
          "state.map_size", "64GiB", 16 * mib, 16 * tib, restart,
          [](o& x) { return &x.state.map_size; }, "The most the state can ever take."),
      duration(
          "session.keep", "400d", hour, 36'500 * day, reload, [](o& x) { return &x.session.keep; },
          "How long a session that is over is kept, with its messages and files."),
      number(
          "workers.actor_threads", "2", 1, 256, restart,
          [](o& x) { return &x.workers.actor_threads; }, "Threads that run actors."),
      number(
          "workers.io_threads", "1", 1, 64, restart, [](o& x) { return &x.workers.io_threads; },
          "Threads that own sockets."),
      number(
          "workers.directories", "4", 1, 256, restart, [](o& x) { return &x.workers.directories; },
          "Directory actors, among which the shards are divided."),
      number(
          "workers.routers", "2", 1, 64, restart, [](o& x) { return &x.workers.routers; },
          "Router actors, which share one set of rules."),
      number(
          "workers.identifiers", "2", 1, 64, restart, [](o& x) { return &x.workers.identifiers; },
          "Identification actors."),
  };
}

}  // namespace

const std::vector<option>& option_table() {
  static const std::vector<option> table = [] {
    std::vector<option> all;
    for (auto declare : {declare_places, declare_centers, declare_log, declare_edges,
                         declare_limits, declare_inside}) {
      for (auto& one : declare()) all.push_back(std::move(one));
    }
    return all;
  }();
  return table;
}

daemon_options::daemon_options() {
  for (const auto& one : option_table()) one.store(*this, one.initial);
}

const option* find_option(std::string_view key) {
  for (const auto& one : option_table()) {
    if (one.key == key) return &one;
  }
  return nullptr;
}

std::vector<std::string> option_keys() {
  std::vector<std::string> out;
  for (const auto& one : option_table()) out.emplace_back(one.key);
  return out;
}

std::vector<const option*> changed_options(const daemon_options& before,
                                           const daemon_options& after) {
  std::vector<const option*> out;
  for (const auto& one : option_table()) {
    if (one.show(before) != one.show(after)) out.push_back(&one);
  }
  return out;
}

options_reload take_up(const daemon_options& running, const daemon_options& file) {
  options_reload out{running, {}, {}};
  for (auto* one : changed_options(running, file)) {
    bool now = one->effect == takes_effect::on_reload;
    if (now) one->store(out.running, one->show(file));
    (now ? out.taken : out.waiting).push_back(one);
  }
  return out;
}

}  // namespace switchboard::config
