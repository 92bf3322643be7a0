#include <algorithm>

#include "actors/directory/live_actors.hpp"
#include "adapters/channel/gateway/endpoints.hpp"
#include "adapters/channel/gateway/known_words.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/hosting/worker_activity.hpp"

/// What the actors do: each with its figures, and the threads that run them.
namespace switchboard {

using codec::packer;

namespace {

constexpr std::size_t most_busy = 40;

void pack_spans(packer& p, std::string_view name,
                const std::array<std::uint64_t, span_histogram::buckets>& counts) {
  const auto used = std::ranges::count_if(counts, [](auto n) { return n > 0; });
  p.str(name).array(static_cast<std::uint32_t>(used * 2));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    p.uinteger(i).uinteger(counts[i]);
  }
}

void pack_living(packer& p, const std::array<std::size_t, actor_kinds>& counts) {
  p.map(static_cast<std::uint32_t>(counts.size()));
  for (std::size_t k = 0; k < counts.size(); ++k)
    field(p, to_string(static_cast<actor_kind>(k)), static_cast<std::int64_t>(counts[k]));
}

std::int64_t in_us(std::uint64_t ticks) {
  return static_cast<std::int64_t>(static_cast<double>(ticks) * nanoseconds_per_tick() / 1'000);
}

std::optional<actor_kind> kind_named(std::string_view word) {
  for (std::size_t k = 0; k < actor_kinds; ++k) {
    if (to_string(static_cast<actor_kind>(k)) == word) return static_cast<actor_kind>(k);
  }
  return {};
}

/// Nothing, and it is answered, where that is no kind of actor.
std::optional<actor_kind> known_kind(const gateway_call& c, const std::string& word) {
  const auto kind = kind_named(word);
  if (!kind)
    c.wrong("kind", "there is no kind \"" + word + "\" of actor; expected one of " +
                        known_words<actor_kind>(actor_kinds));
  return kind;
}

/// Ticks as the moment they were, in Unix milliseconds; 0 where nothing was.
std::int64_t moment_of(std::uint64_t tick, timestamp wall) {
  if (tick == 0) return 0;
  const auto now = ticks_now();
  const auto ago = tick < now ? static_cast<double>(now - tick) * nanoseconds_per_tick() : 0.0;
  return unix_ms(wall) - static_cast<std::int64_t>(ago / 1e6);
}

void pack_actor(packer& p, const probe_registry::row& r, timestamp wall) {
  p.map(9);
  field(p, "kind", to_string(r.kind));
  field(p, "key", r.key);
  field(p, "handled", static_cast<std::int64_t>(r.handled));
  field(p, "failed", static_cast<std::int64_t>(r.failed));
  field(p, "waiting", static_cast<std::int64_t>(r.waiting));
  field(p, "work_us", in_us(r.work));
  field(p, "last_ms", moment_of(r.last, wall));
  field(p, "last_message", message_names::name(r.last_message));
  field(p, "state", r.state);
}

struct actor_key {
  std::string kind, key;
};
template <class V> void wire_fields(V& v, actor_key& x) {
  v.must("kind", x.kind, 32);
  v.must("key", x.key, 256);
}

void actor(gateway_call& c, actor_key& a) {
  const auto kind = known_kind(c, a.kind);
  if (!kind) return;
  const auto row = find_actor(c.services.probes, c.services.directory.sessions, *kind, a.key);
  if (!row) {
    return c.fail(error{errc::not_found,
                        "no living " + std::string(to_string(*kind)) + " has this key", "key",
                        "the key of a living actor", 0});
  }
  packer p;
  pack_actor(p, *row, wall_time(c.services.clock));
  c.reply.ok(0, p.take());
}

struct actor_filter {
  std::size_t limit = 50;
  std::string kind;
};
template <class V> void wire_fields(V& v, actor_filter& x) {
  v.may("limit", x.limit, 1, 1'000);
  v.may("kind", x.kind, 32);
}

void actors(gateway_call& c, actor_filter& a) {
  std::optional<actor_kind> only;
  if (!a.kind.empty() && !(only = known_kind(c, a.kind))) return;
  auto rows = busiest_actors(c.services.probes, c.services.directory.sessions, only, a.limit);
  packer p;
  p.map(2).str("actors").array(static_cast<std::uint32_t>(rows.size()));
  for (auto& r : rows) pack_actor(p, r, wall_time(c.services.clock));
  p.str("counts");
  pack_living(p, count_actors(c.services.probes, c.services.directory.sessions));
  c.reply.ok(0, p.take());
}

/// Counts since the start: who looks asks twice and takes the difference, so the daemon keeps
/// nothing for it.
void activity(gateway_call& c) {
  if (!c.services.activity) return c.fail(errc::unimplemented, "this node measures no threads");
  auto& activity = *c.services.activity;
  const auto ns = nanoseconds_per_tick();
  const auto now = ticks_now();
  const auto us = [ns](std::uint64_t ticks) {
    return static_cast<std::int64_t>(static_cast<double>(ticks) * ns / 1'000);
  };
  packer p;
  p.map(7);
  field(p, "at_us", us(now));
  p.str("ns_per_tick").real(ns);
  field(p, "waiting_jobs", static_cast<std::int64_t>(activity.waiting_jobs()));
  const auto doing = activity.doing();
  p.str("workers").array(static_cast<std::uint32_t>(doing.size()));
  for (auto& d : doing) {
    p.map(4);
    field(p, "busy_us", d.since == 0 || d.since > now ? 0 : us(now - d.since));
    field(p, "actor", static_cast<std::int64_t>(d.actor));
    field(p, "kind", d.since == 0 ? "" : to_string(d.kind));
    field(p, "message", d.since == 0 ? "" : message_names::name(d.message));
  }
  p.str("living");
  pack_living(p, count_actors(c.services.probes, c.services.directory.sessions));
  const auto rows = activity.messages();
  p.str("messages").array(static_cast<std::uint32_t>(rows.size()));
  for (auto& r : rows) {
    p.map(7);
    field(p, "kind", to_string(r.kind));
    field(p, "message", message_names::name(r.message));
    field(p, "handled", static_cast<std::int64_t>(r.handled));
    field(p, "failed", static_cast<std::int64_t>(r.failed));
    field(p, "work_us", us(r.work));
    pack_spans(p, "work", r.work_spans);
    pack_spans(p, "wait", r.wait_spans);
  }
  const auto window = activity.last_window(most_busy);
  p.str("busiest").map(2);
  field(p, "window_us", us(window.length));
  p.str("actors").array(static_cast<std::uint32_t>(window.actors.size()));
  for (auto& a : window.actors) {
    const auto row = find_actor(c.services.probes, c.services.directory.sessions, a.kind, a.key);
    p.map(7);
    field(p, "kind", to_string(a.kind));
    field(p, "key", a.key);
    field(p, "messages", static_cast<std::int64_t>(a.messages));
    field(p, "work_us", us(a.work));
    field(p, "last_message", message_names::name(a.last_message));
    field(p, "waiting", static_cast<std::int64_t>(row ? row->waiting : 0));
    field(p, "state", row ? std::string_view(row->state) : "ended");
  }
  c.reply.ok(0, p.take());
}

}  // namespace

const endpoint endpoints::admin_activity = served_by<activity>;
const endpoint endpoints::admin_actor = served_by<actor>;
const endpoint endpoints::admin_actors = served_by<actors>;

}  // namespace switchboard
