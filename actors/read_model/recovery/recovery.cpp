#include "actors/read_model/recovery/recovery.hpp"

#include <algorithm>

#include "actors/configuration/configuration_projection.hpp"
#include "actors/read_model/projection/session_pulse.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "actors/read_model/recovery/live_loading.hpp"
#include "actors/session/journal_key.hpp"

namespace switchboard::recovery {
namespace {

namespace table = projecting::table;

/// Applies the journal's tail to what was loaded. The projector may have run on since: a record
/// that a snapshot holds already is known by its entity's own event number.
class tail_replay {
 public:
  tail_replay(recovered_world& world, const store::state_view& view) : world_(world), view_(view) {}

  /// False: the record cannot be read.
  bool take(const store::placed_record& r) {
    world_.upto = r.at;
    ++world_.tail_records;
    if (r.body.kind == store::entity_kind::session) return take_session(r.body);
    if (r.body.kind == store::entity_kind::agent) return take_agent(r.body);
    if (r.body.kind == store::entity_kind::rules) return take_configuration(r.body);
    return true;
  }

 private:
  bool take_session(const store::record& r) {
    auto id = session_of_journal_key(r.key);
    if (!id) return false;
    auto* s = find(*id);
    projecting::event_cursor events(r.events);
    while (s && events.next()) {
      if (events.event().seq > s->seq) take_event(*s, events.event());
    }
    return !events.damaged();
  }

  session_state* find(const session_id& id) {
    if (places_.empty()) {
      places_.reserve(world_.sessions.size() + 1);
      for (std::size_t i = 0; i < world_.sessions.size(); ++i)
        places_.emplace(world_.sessions[i].id, i);
    }
    auto [it, fresh] = places_.try_emplace(id, world_.sessions.size());
    if (fresh) {
      // Not live in the state: it was opened since, or is over by now.
      if (view_.find(table::over, projecting::session_key(id)))
        it->second = nowhere;
      else
        world_.sessions.emplace_back().id = id;
    }
    return it->second == nowhere ? nullptr : &world_.sessions[it->second];
  }

  void take_event(session_state& s, const session_codec::stored_event& stored) {
    // Its beginning is neither here nor in the state, where it is damaged: half a session would be
    // worse than none.
    if (s.seq == 0 && stored.seq > 1) return;
    auto pulse = projecting::pulse_of(s);
    if (projecting::apply(pulse, stored)) return projecting::lay_over(s, pulse);
    auto e = session_codec::decode(stored);
    if (!e) {
      s.seq = stored.seq;
      return;
    }
    apply(s, *e);
    auto* x = std::get_if<event::assigned>(&e->what);
    if (!x || x->group.empty()) return;
    auto& latest = world_.groups[x->group].latest;
    if (latest.agent.empty() || latest.at <= e->at) latest = {agent_id{x->agent.id}, e->at};
  }

  bool take_agent(const store::record& r) {
    auto& agent = world_.agents[agent_id{r.key}];
    return r.entity_seq <= agent.seq || replay(agent, r.events);
  }

  bool take_configuration(const store::record& r) {
    if (r.key != configuration_key || r.entity_seq <= world_.configuration.seq) return true;
    return for_each_event(r.events, [&](configuration_event&& e) {
      fold_into(world_.configuration, e, r.at);
      if (auto* v = std::get_if<config_version>(&e)) {
        carry_text(*v, world_.version);
        world_.version = std::move(*v);
      } else if (auto* a = std::get_if<config::stored_account>(&e)) {
        world_.accounts.insert_or_assign(a->id, std::move(*a));
      }
    });
  }

  static constexpr std::size_t nowhere = ~std::size_t{0};
  recovered_world& world_;
  const store::state_view& view_;
  std::unordered_map<session_id, std::size_t> places_;
};

bool load_agents(const store::state_view& view, recovered_world& world) {
  bool whole = true;
  view.scan(table::agents, std::string_view("\0", 1),
            [&](std::string_view id, std::string_view packed) {
              return whole = codec::unpack(packed, world.agents[agent_id{std::string(id)}]);
            });
  return whole;
}

void load_groups(const store::state_view& view, recovered_world& world) {
  view.scan(table::groups, std::string_view("\0", 1),
            [&](std::string_view id, std::string_view packed) {
              projecting::group_latest latest;
              if (codec::unpack(packed, latest))
                world.groups[group_id{std::string(id)}].latest = latest;
              return true;
            });
}

void count_waiters(recovered_world& world) {
  for (auto& s : world.sessions) {
    if ((s.phase != session_phase::waiting && s.phase != session_phase::offered) || !s.dispatch)
      continue;
    for (auto& g : s.dispatch->groups) {
      auto& group = world.groups[g];
      ++group.waiters;
      ++group.waiters_by_shard[s.id.shard];
    }
  }
}

}  // namespace

result<recovered_world> load(const store::state& state, const store::journal& journal,
                             const recovery_options& options) {
  recovered_world world;
  // Asked before any view is taken, so that no record lies between this and the oldest view.
  world.upto = state.projected();
  auto live = load_live(state, options.threads);
  if (!live) return tl::unexpected(live.error());
  world.sessions = std::move(*live);
  auto view = state.lenient_view();
  if (!load_agents(*view, world))
    return fail(errc::internal, "the snapshot of an agent cannot be read");
  load_groups(*view, world);
  world.configuration = configuration_table::find_record(*view).value_or(configuration_record{});
  world.version = configuration_table::find_version(*view, world.configuration.latest);
  if (!world.version && world.configuration.latest > 0) {
    // Damaged: its number is known, and that there is something to go on from.
    world.version.emplace().version = world.configuration.latest;
  }
  world.accounts = configuration_table::accounts(*view);

  tail_replay tail(world, *view);
  constexpr std::size_t stride = 10'000;
  for (auto next = world.upto + 1;;) {
    bool readable = true;
    auto read = journal.read(
        next, stride, [&](const store::placed_record& r) { return readable = tail.take(r); });
    if (!read) return tl::unexpected(read.error());
    if (!readable)
      return fail(errc::internal,
                  "journal record " + std::to_string(world.upto) + " cannot be read");
    if (*read == next) break;
    next = *read;
  }
  std::erase_if(world.sessions, [](auto& s) { return s.over() || s.seq == 0; });
  std::ranges::sort(world.sessions, {}, &session_state::id);
  count_waiters(world);
  return world;
}

}  // namespace switchboard::recovery
