#include "actors/agent/agent_pushes.hpp"

#include <algorithm>
#include <cstdio>

#include "actors/agent/agent_times.hpp"

namespace switchboard::agent_pushes {
namespace {

using codec::packer;

void pack_offer(packer& p, const offer_made& o, std::uint64_t rev) {
  p.map(7 + (o.transfer ? 1 : 0));
  field(p, "offer_id", o.offer.value);
  field(p, "session_id", o.session.text());
  field(p, "group", o.group.value);
  field(p, "expires_at", o.expires_at);
  codec::pack_value(p.str("identification"), o.found, codec::audience::client);
  field(p, "why", o.why);
  if (o.transfer) codec::pack_value(p.str("transfer"), *o.transfer, codec::audience::client);
  p.str("rev").uinteger(rev);
}

/// "2026-03-01"
std::string date_text(std::int64_t day) {
  const std::chrono::year_month_day d{std::chrono::sys_days{std::chrono::days{day}}};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(d.year()) % 10'000,
                static_cast<unsigned>(d.month()) % 100, static_cast<unsigned>(d.day()) % 100);
  return text;
}

void pack_spent(packer& p, const std::map<std::string, std::int64_t>& spent) {
  p.str("times").array(static_cast<std::uint32_t>(spent.size()));
  for (auto& [kind, ms] : spent) {
    const auto slash = std::min(kind.find('/'), kind.size());
    p.map(3);
    field(p, "state", std::string_view(kind).substr(0, slash));
    field(p, "reason", std::string_view(kind).substr(std::min(slash + 1, kind.size())));
    field(p, "spent_ms", ms);
  }
}

std::uint32_t count(std::size_t n) {
  return static_cast<std::uint32_t>(n);
}

}  // namespace

std::string snapshot(const agent_machine& m, std::uint64_t rev,
                     const std::vector<const offer_made*>& offers, const alert_list& board) {
  packer p;
  p.map(10).str("rev").uinteger(rev);
  field(p, "state", to_string(m.status()));
  field(p, "reason", m.record().reason);
  field(p, "capacity", static_cast<std::int64_t>(m.config().capacity));
  field(p, "used", static_cast<std::int64_t>(m.used()));
  p.str("offers").array(count(offers.size()));
  for (auto* o : offers) pack_offer(p, *o, rev);
  p.str("sessions").array(count(m.serving().size()));
  for (auto& [session, held] : m.serving()) {
    p.map(3 + (held.snoozed_until ? 1 : 0));
    field(p, "session_id", session.text());
    field(p, "group", held.group.value);
    field(p, "since", held.since);
    if (held.snoozed_until) field(p, "snoozed_until", *held.snoozed_until);
  }
  p.str("joined").array(count(m.guests().size()));
  for (auto& [session, g] : m.guests()) {
    p.map(4);
    field(p, "session_id", session.text());
    field(p, "as", g.as);
    field(p, "group", g.group.value);
    field(p, "since", g.since);
  }
  p.str("wrap_ups").array(count(m.record().wrap_ups.size()));
  for (auto& w : m.record().wrap_ups) {
    field(p.map(2), "session_id", w.session.text());
    field(p, "until", w.until);
  }
  auto customers = board.customers();
  p.str("alerts").array(count(customers.size()));
  for (auto& c : customers) board.pack(p, c, rev);
  return p.take();
}

std::string offer(const offer_made& o, std::uint64_t rev) {
  packer p;
  pack_offer(p, o, rev);
  return p.take();
}

std::string offer_withdrawn(const offer_over& o, std::uint64_t rev) {
  packer p;
  p.map(4);
  field(p, "offer_id", o.offer.value);
  field(p, "session_id", o.session.text());
  field(p, "reason", o.cause);
  p.str("rev").uinteger(rev);
  return p.take();
}

std::string state(const agent_machine& m, std::uint64_t rev, const service_ended* ended) {
  packer p;
  p.map(ended ? 5 : 4).str("rev").uinteger(rev);
  field(p, "state", to_string(m.status()));
  field(p, "capacity", static_cast<std::int64_t>(m.config().capacity));
  field(p, "used", static_cast<std::int64_t>(m.used()));
  if (ended) {
    field(p.str("ended").map(2), "session_id", ended->session.text());
    p.str("seq").uinteger(ended->seq);
  }
  return p.take();
}

std::string times(const agent_machine& m, timestamp from, timestamp to, timestamp now,
                  millis lasted) {
  auto days = times_until(m.record(), now, lasted, m.zone());
  const auto first = agent_times::day_of(from, m.zone()), last = agent_times::day_of(to, m.zone());
  std::erase_if(days, [&](auto& d) { return d.day < first || d.day > last; });
  std::map<std::string, std::int64_t> all;
  packer p;
  p.map(3);
  field(p, "agent", m.config().id.value);
  p.str("days").array(count(days.size()));
  for (auto& d : days) {
    field(p.map(2), "day", date_text(d.day));
    pack_spent(p, d.spent);
    for (auto& [kind, ms] : d.spent) all[kind] += ms;
  }
  pack_spent(p, all);
  return p.take();
}

std::string status(const agent_machine& m) {
  packer p;
  p.map(10);
  field(p, "id", m.config().id.value);
  field(p, "name", m.config().name);
  field(p, "state", to_string(m.status()));
  field(p, "reason", m.record().reason);
  field(p, "capacity", static_cast<std::int64_t>(m.config().capacity));
  field(p, "used", static_cast<std::int64_t>(m.used()));
  field(p, "serving", static_cast<std::int64_t>(m.serving().size()));
  field(p, "assigned_today", static_cast<std::int64_t>(m.record().assigned_today));
  p.str("groups").array(count(m.config().groups.size()));
  for (auto& g : m.config().groups) p.str(g.value);
  p.str("sessions").array(count(m.serving().size()));
  for (auto& [session, held] : m.serving()) p.str(session.text());
  return p.take();
}

std::string session_change(const session_id& session, std::string_view as, std::string_view change,
                           int used, std::uint64_t rev) {
  packer p;
  p.map(5);
  field(p, "session_id", session.text());
  field(p, "as", as);
  field(p, "change", change);
  field(p, "used", static_cast<std::int64_t>(used));
  p.str("rev").uinteger(rev);
  return p.take();
}

}  // namespace switchboard::agent_pushes
