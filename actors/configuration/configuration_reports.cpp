#include <algorithm>
#include <iterator>
#include <set>

#include "actors/configuration/configuration_advice.hpp"
#include "actors/configuration/configuration_body.hpp"
#include "actors/configuration/configuration_projection.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {

using codec::packer;

namespace {

std::vector<std::string> advice_lines(const config::dispatch_config& c) {
  std::vector<std::string> out;
  for (auto& a : advice_on(c)) out.push_back(config::to_string(a));
  return out;
}

void pack_version(packer& p, const config_version& v, int active) {
  p.map(8);
  field(p, "version", static_cast<std::int64_t>(v.version));
  field(p, "at", v.at);
  field(p, "by", v.by);
  field(p, "comment", v.comment);
  field(p, "file", v.file);
  p.str("reevaluate").boolean(v.reevaluate);
  p.str("active").boolean(v.version == active);
  p.str("text_kept").boolean(!v.text.empty());
}

}  // namespace

void configuration_body::refuse(const reply_to& to, const config::config_errors& errors) const {
  constexpr std::size_t most = 20;
  std::string all;
  for (std::size_t i = 0; i < errors.size() && i < most; ++i)
    all += (i == 0 ? "" : "\n") + config::to_string(errors[i]);
  if (errors.size() > most) all += "\nand " + std::to_string(errors.size() - most) + " more";
  to.fail(written_, error{errc::invalid_argument, all, "text", "errors",
                          static_cast<std::int64_t>(errors.size())});
}

/// Advice is heard when something is checked, and once when it is new.
std::vector<std::string> configuration_body::new_advice(const config::dispatch_config& next) const {
  std::multiset<std::string> known;
  for (auto& a : advice_on(*active_.dispatch)) known.insert(a.message);
  std::vector<std::string> out;
  for (auto& a : advice_on(next)) {
    if (const auto at = known.find(a.message); at != known.end())
      known.erase(at);
    else
      out.push_back(config::to_string(a));
  }
  return out;
}

void configuration_body::check(const configuration_call& m) {
  wanted w{m.text, {}, config::text_origin::written, {}};
  complete(w);
  const auto next = load_next(m, w);
  if (!next) return refuse(m.reply, next.error());
  packer p;
  p.map(4);
  pack_lines(p, "changes",
             lines_of(change_between(*active_.dispatch, *next->dispatch), active_, *next));
  pack_lines(p, "advice", advice_lines(*next->dispatch));
  field(p, "rules", static_cast<std::int64_t>(next->rules->size()));
  field(p, "active", static_cast<std::int64_t>(record_.latest));
  m.reply.ok(written_, p.take());
}

/// Every live session is asked where it stands; the answers are counted as they come, so that a
/// full contact center costs no memory.
void configuration_body::begin_diff(configuration_call& m) {
  constexpr std::size_t most_trials = 4;
  if (trials_.all.size() >= most_trials) {
    return m.reply.fail(
        written_, error{errc::resource_exhausted, "other comparisons are under way", {}, {}, 0});
  }
  wanted w{std::move(m.text), {}, config::text_origin::written, {}};
  if (m.version > 0) {
    const auto old = find_version(m.version);
    if (!old || old->text.empty()) return refuse(m.reply, {{"", 0, "version", "is not kept"}});
    w = {old->text, {}, config::text_origin::earlier, {}};
    m.file = old->file;
  }
  complete(w);
  auto next = load_next(m, w);
  if (!next) return refuse(m.reply, next.error());
  const auto ticket = trials_.next++;
  auto advice = new_advice(*next->dispatch);
  auto& t = trials_.all
                .emplace(ticket, running_trial{configuration_trial(active_, std::move(*next)),
                                               std::move(advice), 0,
                                               now() + services_.diff_patience, m.reply})
                .first->second;
  services_.directory.sessions.for_each([&](const session_id&, const session_actor& session) {
    self_->send(session, ask_dispatch{ticket});
    ++t.awaited;
    return true;
  });
  if (t.awaited == 0) return end_diff(ticket);
  arm();
}

void configuration_body::end_diff(std::uint64_t ticket) {
  auto at = trials_.all.find(ticket);
  if (at == trials_.all.end()) return;
  const auto t = std::move(at->second);
  trials_.all.erase(at);
  packer p;
  p.map(7);
  field(p, "active", static_cast<std::int64_t>(record_.latest));
  pack_lines(p, "changes", t.trial.change_lines());
  pack_lines(p, "advice", t.advice);
  field(p, "waiting", static_cast<std::int64_t>(t.trial.waiting()));
  field(p, "would_move", static_cast<std::int64_t>(t.trial.would_move()));
  field(p, "unanswered", static_cast<std::int64_t>(t.awaited));
  const auto moves = t.trial.moves();
  p.str("moves").array(static_cast<std::uint32_t>(moves.size()));
  for (auto& m : moves) {
    p.map(4);
    field(p, "from", m.from);
    field(p, "to", m.to);
    field(p, "sessions", static_cast<std::int64_t>(m.sessions));
    pack_lines(p, "examples", m.examples);
  }
  t.reply.ok(written_, p.take());
}

std::optional<config_version> configuration_body::find_version(int version) const {
  if (auto at = find_recent(version)) return at;
  return configuration_table::find_version(*services_.state.view(), version);
}

std::optional<config_version> configuration_body::find_whole_version(int version) const {
  if (auto at = find_recent(version)) return at;
  return configuration_table::find_version(*services_.state.lenient_view(), version);
}

std::optional<config_version> configuration_body::find_recent(int version) const {
  if (version == 0) return active_.version;
  const auto at = std::ranges::find(recent_, version, &config_version::version);
  if (at == recent_.end()) return {};
  return *at;
}

void configuration_body::history(const configuration_call& m) {
  const auto limit = m.number == 0 ? std::size_t{50} : static_cast<std::size_t>(m.number);
  std::vector<config_version> all(recent_.rbegin(), recent_.rend());
  auto older = configuration_table::history(*services_.state.view(), all.back().version - 1, limit);
  if (all.back().version > 1)
    all.insert(all.end(), std::make_move_iterator(older.begin()),
               std::make_move_iterator(older.end()));
  if (all.size() > limit) all.resize(limit);
  packer p;
  p.map(3);
  field(p, "active", static_cast<std::int64_t>(record_.latest));
  p.str("versions").array(static_cast<std::uint32_t>(all.size()));
  for (auto& v : all) pack_version(p, v, record_.latest);
  p.str("closed_by_hand").array(static_cast<std::uint32_t>(record_.closed.size()));
  for (auto& s : record_.closed) {
    p.map(4);
    field(p, "group", s.group.value);
    field(p, "by", s.by);
    field(p, "reason", s.reason);
    field(p, "at", s.at);
  }
  m.reply.ok(written_, p.take());
}

void configuration_body::show(const configuration_call& m) {
  const auto v = find_version(m.version);
  if (!v || v->text.empty()) {
    return m.reply.fail(written_,
                        error{errc::not_found, "version: its text is not kept", "version", {}, 0});
  }
  packer p;
  p.map(6);
  field(p, "version", static_cast<std::int64_t>(v->version));
  field(p, "at", v->at);
  field(p, "by", v->by);
  field(p, "comment", v->comment);
  p.str("active").boolean(v->version == record_.latest);
  field(p, "text", v->text);
  m.reply.ok(written_, p.take());
}

}  // namespace switchboard
