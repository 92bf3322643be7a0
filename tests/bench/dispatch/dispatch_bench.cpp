#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

#include <benchmark/benchmark.h>

#include "actors/skill_group/agent_view.hpp"
#include "actors/skill_group/group_dispatcher.hpp"

/// What one dispatch decision costs: pick the best eligible, keep the indexes. A contact center of
/// 20 groups and 1,000 distinct requirement signatures; the arguments are agents, waiting sessions
/// over all groups, groups per agent, distinct skill profiles. A decision counts whole. `serve`: a
/// session enters, is matched, proposed and taken, the agent's new load goes to every group it is
/// in, and an earlier session's end likewise. `backlog`: an end frees room, the first in order who
/// fits gets it, is proposed and taken, the load goes to every group, and another session enters.
/// Only time inside the desks counts (with 50 to 75 ns for the clock); its quantiles are p50_ns and
/// p99_ns, decisions/s is its inverse mean (without the slowest 1 %).
namespace switchboard {
namespace {

constexpr int groups = 20;
constexpr int signatures = 1'000;
constexpr int capacity = 4;
constexpr int iterations = 100'000;
const char* const skill_names[] = {"billing", "cards", "dispute", "english", "french",
                                   "loans",   "order", "refund",  "repair",  "spanish"};

class deployment_model {
 public:
  deployment_model(int agents, int waiting, int groups_per_agent, int profiles,
                   config::strategy strategy)
      : rng_(42), groups_per_agent_(groups_per_agent) {
    for (int g = 0; g < groups; ++g) {
      config::group_config o;
      o.strategy = strategy;
      o.queue_max = 1'000'000;
      dispatchers_.emplace_back(o);
    }
    make_requirements();
    make_agents(agents, profiles);
    find_takers();
    if (waiting > 0) {
      for (std::size_t i = 0; i < agents_.size(); ++i) tell(agents_[i], changed(i, +capacity));
      for (int i = 0; i < waiting; ++i) {
        auto g = roll(dispatchers_.size());
        tick();
        dispatchers_[g].enter(an_entry(g), now_);
      }
      // One drain settles who can be served at once; from here on only freed room moves anything.
      for (auto& d : dispatchers_) {
        while (auto m = d.next_match(now_, rng_)) take(d, *m);
      }
    } else {
      // Until every group has met every signature; what is measured is the steady state.
      for (int i = 0; i < 4 * groups * signatures + agents; ++i) serve();
    }
  }

  /// One session comes and is served at once; of those served, one ends.
  std::size_t serve() {
    tick();
    auto g = roll(dispatchers_.size());
    auto c = an_entry(g);
    auto& d = dispatchers_[g];
    std::optional<match> m;
    timed([&] {
      d.enter(c, now_);
      m = d.next_match(now_, rng_);
    });
    if (m) {
      take(d, *m);
    } else {
      d.leave(c.session, now_);
    }
    if (busy_.size() <= agents_.size() * 2) return m ? 1 : 0;
    auto freed = busy_.front();
    busy_.pop_front();
    auto view = changed(freed, -1);
    timed([&] { tell(agents_[freed], view); });
    return m ? 1 : 0;
  }

  /// Room frees at somebody busy, the first in order who fits gets it, and another joins the queue.
  std::size_t free_and_match() {
    tick();
    auto freed = roll(agents_.size());
    auto view = changed(freed, -1);
    auto& a = agents_[freed];
    std::optional<match> m;
    std::size_t in = 0;
    timed([&] {
      tell(a, view);
      for (int g : a.groups) {
        in = static_cast<std::size_t>(g);
        if ((m = dispatchers_[in].next_match(now_, rng_))) break;
      }
    });
    if (!m) {
      tell(a, changed(freed, +1));
      return 0;
    }
    take(dispatchers_[in], *m);
    auto c = an_entry(in);
    timed([&] { dispatchers_[in].enter(c, now_); });
    return 1;
  }

  /// Time spent inside desks since the last call.
  std::int64_t spent() { return std::exchange(spent_, 0); }

  std::size_t waiting() const {
    std::size_t n = 0;
    for (auto& d : dispatchers_) n += d.size();
    return n;
  }

 private:
  struct person {
    agent_view view;
    std::vector<int> groups;
  };

  std::size_t roll(std::size_t n) { return rng_() % n; }
  void tick() { now_ += millis{1}; }

  void make_requirements() {
    std::vector<requirement> all;
    while (all.size() < signatures) {
      requirement r;
      for (auto* name : skill_names) {
        if (roll(5) == 0 && r.skills.size() < 3)
          r.skills.push_back({name, static_cast<int>(1 + roll(3))});
      }
      if (std::find(all.begin(), all.end(), r) == all.end()) all.push_back(r);
    }
    needs_ = all;
  }

  /// Per group the requirements somebody in it meets: in a closed loop the others would soon be all
  /// that waits.
  void find_takers() {
    takeable_.resize(groups);
    for (auto& need : needs_) {
      std::vector<bool> met(groups);
      for (auto& a : agents_) {
        bool meets = std::all_of(need.skills.begin(), need.skills.end(), [&](auto& s) {
          return std::any_of(a.view.skills.begin(), a.view.skills.end(),
                             [&](auto& k) { return k.skill == s.skill && k.level >= s.level; });
        });
        for (int g : a.groups)
          met[static_cast<std::size_t>(g)] = met[static_cast<std::size_t>(g)] || meets;
      }
      for (std::size_t g = 0; g < groups; ++g) {
        if (met[g]) takeable_[g].push_back(&need);
      }
    }
  }

  void make_agents(int n, int profiles) {
    std::vector<std::vector<skill_level>> skills(static_cast<std::size_t>(profiles));
    for (auto& s : skills) {
      for (auto* name : skill_names) {
        if (roll(5) > 0) s.push_back({name, static_cast<int>(1 + roll(5))});
      }
    }
    agents_.resize(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) {
      auto& a = agents_[static_cast<std::size_t>(i)];
      a.view.id = agent_id("agent-" + std::to_string(100'000 + i));
      a.view.rev = 1;
      a.view.status = agent_status::online;
      a.view.capacity = capacity;
      a.view.skills = skills[static_cast<std::size_t>(i / groups) % skills.size()];
      for (int g = 0; g < groups_per_agent_; ++g) a.groups.push_back((i + g) % groups);
      tell(a, a.view);
    }
  }

  template <class F> void timed(F&& f) {
    using clock = std::chrono::steady_clock;
    auto begin = clock::now();
    f();
    spent_ += std::chrono::duration_cast<std::chrono::nanoseconds>(clock::now() - begin).count();
  }
  void tell(person& a, const agent_view& view) {
    for (int g : a.groups) dispatchers_[static_cast<std::size_t>(g)].agent_changed(view, now_);
  }
  /// The agent's next view, as a message would bring it.
  agent_view changed(std::size_t i, int sessions) {
    auto& v = agents_[i].view;
    v.used = std::clamp(v.used + sessions, 0, v.capacity);
    ++v.rev;
    if (sessions > 0) {
      v.last_assigned = now_;
      ++v.assigned_today;
    }
    return v;
  }

  queue_entry an_entry(std::size_t group) {
    queue_entry c;
    c.session = make_session_id(0, now_, ++sessions_, 0);
    c.opened_at = now_;
    c.need = *takeable_[group][roll(takeable_[group].size())];
    return c;
  }

  void take(group_dispatcher& d, const match& m) {
    auto i = static_cast<std::size_t>(std::atoi(m.agent.value.c_str() + 6) - 100'000);
    auto view = changed(i, +1);
    timed([&] {
      tell(agents_[i], view);
      d.proposal_taken(m.who.session, m.agent, now_);
    });
    busy_.push_back(i);
    if (busy_.size() > 3 * agents_.size() + 1'000) busy_.pop_front();
  }

  std::mt19937_64 rng_;
  int groups_per_agent_;
  std::vector<group_dispatcher> dispatchers_;
  std::vector<person> agents_;
  std::vector<requirement> needs_;
  std::vector<std::vector<const requirement*>> takeable_;  // by group
  std::deque<std::size_t> busy_;
  timestamp now_ = from_unix_ms(1'700'000'000'000);
  std::uint64_t sessions_ = 0;
  std::int64_t spent_ = 0;
};

template <class Step> void measure(benchmark::State& state, deployment_model& model, Step&& step) {
  std::vector<std::int64_t> times;
  times.reserve(iterations);
  model.spent();
  for (auto _ : state) {
    auto made = step();
    auto spent = model.spent();
    if (made > 0 && times.size() < times.capacity()) times.push_back(spent);
  }
  std::sort(times.begin(), times.end());
  auto quantile = [&](double q) {
    return times.empty()
               ? 0.0
               : static_cast<double>(times[static_cast<std::size_t>(q * (times.size() - 1))]);
  };
  state.counters["p50_ns"] = quantile(0.5);
  state.counters["p99_ns"] = quantile(0.99);
  // The slowest hundredth is where the machine gave the core to somebody else.
  auto kept = times.size() - times.size() / 100;
  auto sum = std::accumulate(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(kept),
                             std::int64_t{0});
  state.counters["decisions/s"] =
      sum == 0 ? 0.0 : static_cast<double>(kept) * 1e9 / static_cast<double>(sum);
  state.counters["decided"] = static_cast<double>(times.size());
}

deployment_model make_deployment(const benchmark::State& state, config::strategy s) {
  return deployment_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
                          static_cast<int>(state.range(2)), static_cast<int>(state.range(3)), s);
}

void serve(benchmark::State& state, config::strategy s) {
  auto model = make_deployment(state, s);
  measure(state, model, [&] { return model.serve(); });
}

void backlog(benchmark::State& state, config::strategy s) {
  auto model = make_deployment(state, s);
  for (int i = 0; i < 20'000; ++i) model.free_and_match();
  measure(state, model, [&] { return model.free_and_match(); });
  state.counters["waiting"] = static_cast<double>(model.waiting());
}

void agents_in_one_group(benchmark::internal::Benchmark* b) {
  // Fixed, since every run of the library's own search for a count would build the whole contact
  // center again.
  b->ArgNames({"agents", "waiting", "groups_each", "profiles"})->Iterations(iterations);
  for (int profiles : {32, 100'000}) {
    for (int agents : {100, 1'000, 10'000}) b->Args({agents, 0, 1, profiles});
  }
  for (int agents : {100, 10'000}) b->Args({agents, 0, groups, 32});
}

void depths(benchmark::internal::Benchmark* b) {
  // Fixed, since every run of the library's own search for a count would build the whole contact
  // center again.
  b->ArgNames({"agents", "waiting", "groups_each", "profiles"})->Iterations(iterations);
  for (int each : {1, groups}) {
    for (int waiting : {100, 10'000, 100'000}) b->Args({1'000, waiting, each, 32});
  }
  b->Args({10'000, 100'000, 1, 100'000});
}

BENCHMARK_CAPTURE(serve, longest_idle, config::strategy::longest_idle)->Apply(agents_in_one_group);
BENCHMARK_CAPTURE(serve, least_loaded, config::strategy::least_loaded)
    ->Args({10'000, 0, 1, 32})
    ->Iterations(iterations);
BENCHMARK_CAPTURE(serve, round_robin, config::strategy::round_robin)
    ->Args({100, 0, 1, 32})
    ->Args({10'000, 0, 1, 32})
    ->Args({10'000, 0, 1, 100'000})
    ->Iterations(iterations);
BENCHMARK_CAPTURE(serve, best_skill, config::strategy::best_skill)
    ->Args({100, 0, 1, 32})
    ->Args({10'000, 0, 1, 32})
    ->Iterations(iterations);
BENCHMARK_CAPTURE(serve, random, config::strategy::random)
    ->Args({100, 0, 1, 32})
    ->Args({10'000, 0, 1, 32})
    ->Iterations(iterations);
BENCHMARK_CAPTURE(backlog, longest_idle, config::strategy::longest_idle)->Apply(depths);

}  // namespace
}  // namespace switchboard
