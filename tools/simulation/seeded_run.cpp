#include "tools/simulation/seeded_run.hpp"

#include "tools/simulation/deployments.hpp"
#include "tools/simulation/failure_kind.hpp"
#include "tools/simulation/person_check.hpp"

namespace switchboard::simulation {

seeded_run::seeded_run(const run_plan& plan)
    : plan_(plan),
      node_(mixed_deployment(), plan.seed),
      book_(node_.found()),
      deployment_(node_.found()),
      leader_(node_, book_, profile_) {
  node_.quick_disk = false;
  node_.trace = plan.trace;
  node_.start();
  for (std::size_t i = 0; i < plan.customers; ++i) {
    auto channel = i % 5 == 0 ? "voice" : "app";
    customers_.push_back(std::make_unique<simulated_customer>(node_, book_, profile_, channel,
                                                              "customer" + std::to_string(i)));
    if (plan.leaky_gates) customers_.back()->leak_line();
  }
  for (auto& a : node_.config().agents)
    agents_.push_back(std::make_unique<simulated_agent>(node_, book_, profile_, a));
}

bool seeded_run::play() {
  auto end = node_.now() + plan_.length;
  while (node_.now() < end && node_.found().clean()) turn();
  if (node_.found().clean()) end_well();
  return node_.found().clean();
}

void seeded_run::turn() {
  auto& luck = node_.luck();
  if (node_.anybody_ready()) {
    node_.run(1 + luck.below(60));
    if (luck.percent(20)) commit(luck.below(30));
    if (luck.permille(plan_.faults.leap))
      node_.leap(millis{luck.percent(10) ? luck.between(1, 9'000) : luck.between(1, 40)});
  } else {
    quiet_moment();
  }
  for (auto& c : customers_) {
    if (c->next_turn() <= node_.now()) c->take_turn();
  }
  for (auto& a : agents_) {
    if (a->next_turn() <= node_.now()) a->take_turn();
  }
  if (leader_.next_turn() <= node_.now()) leader_.take_turn();
  if (meetings_ < plan_.meetings && node_.luck().permille(10)) meet();
  meet_faults();
}

/// Nothing can happen any more until the disk or time moves.
void seeded_run::quiet_moment() {
  auto& luck = node_.luck();
  if (!node_.schedule().holding()) check_deployment();
  if (node_.disk().uncommitted() > 0 && luck.percent(70)) {
    commit(1 + luck.below(50));
    if (node_.anybody_ready()) return;
  }
  auto hop = node_.until_due(millis{1'000});
  for (auto& c : customers_) hop = std::min(hop, c->next_turn() - node_.now());
  for (auto& a : agents_) hop = std::min(hop, a->next_turn() - node_.now());
  node_.leap(std::max(millis{1}, hop));
}

void seeded_run::commit(std::size_t n) {
  if (node_.disk().uncommitted() > 0 && node_.luck().permille(plan_.faults.failed_commit)) {
    node_.tell("a commit fails");
    return crash();
  }
  node_.commit(n);
}

void seeded_run::check_deployment() {
  // Nothing has happened since the last look: it would see the same.
  if (node_.now() - last_check_ < millis{5} || node_.handled() == looked_at_) return;
  last_check_ = node_.now();
  ++checks_;
  auto agents = node_.standings();
  looked_at_ = node_.handled();
  auto& truth = node_.truth();
  deployment_.compare(truth, agents);
  deployment_.work_conserving(truth, agents, node_.now(),
                              std::max(node_.started(), healed_at_ - millis{5'000}));
  deployment_.in_order(truth, agents, node_.now());
  deployment_.rights(truth, node_.now());
  std::array<std::int64_t, 7> live{};
  auto& counters = node_.node_().counters();
  for (std::size_t p = 0; p < live.size(); ++p) live[p] = counters.in_phase[p];
  deployment_.counters(truth, live, counters.opened);
  if (node_.disk().uncommitted() > 0) return;
  node_.commit(0);  // what was put in since the last commit leaves, too
  for (std::size_t i = 0; i < agents.size(); ++i) agents_[i]->compare(agents[i], node_.found());
}

/// One person on several channels at one instant, who has never been there before.
void seeded_run::meet() {
  auto n = std::to_string(100 + meetings_++);
  auto come = [&](const char* channel, const char* which, channel_customer known) {
    auto name = "guest" + n + which;
    customers_.push_back(std::make_unique<simulated_customer>(node_, book_, profile_, channel, name,
                                                              std::move(known)));
    if (plan_.leaky_gates) customers_.back()->leak_line();
    customers_.back()->open();
  };
  switch (node_.luck().below(4)) {
    case 0:
      come("app", "a", {.phone = "13800000" + n});
      come("voice", "b", {.phone = "+86 138-0000-0" + n});
      return come("app", "c", {.phone = "0086 (138) 00000" + n});
    case 1:
      come("voice", "a", {.email = "guest" + n + "@x.cn"});
      return come("app", "b", {.email = "<Guest" + n + "@X.cn>"});
    case 2:
      come("app", "a", {.union_id = "union" + n});
      return come("voice", "b", {.union_id = "union" + n});
    default:
      // The second may join two persons that are there by then.
      come("app", "a", {.phone = "13900000" + n});
      come("voice", "b", {.phone = "13900000" + n, .email = "both" + n + "@x.cn"});
      return come("app", "c", {.email = "both" + n + "@x.cn"});
  }
}

void seeded_run::meet_faults() {
  auto& luck = node_.luck();
  auto& f = plan_.faults;
  if (luck.permille(f.crash)) crash();
  if (luck.permille(f.slow_center)) {
    static const std::vector<std::string> slow{"center",  "center",    "center", "skill_group",
                                               "agent",   "session",   "router", "identification",
                                               "archive", "directory", "timers", "customer"};
    auto& who = luck.of(slow);
    node_.tell("held up: " + who);
    node_.schedule().hold_up(who);
  }
  if (node_.schedule().holding() && luck.permille(120)) heal();
  if (luck.permille(f.dead_center)) node_.centers().broken = true;
  if (luck.permille(20)) node_.centers().broken = false;
  if (luck.permille(f.projector_stops)) {
    projector_stopped_ = !projector_stopped_;
    node_.tell(projector_stopped_ ? "the projector stands" : "the projector goes on");
    node_.state().hold(projector_stopped_);
  }
  if (luck.permille(f.reload)) reload();
  if (luck.permille(f.store_fills)) node_.tell(node_.room().fill(luck));
  if (node_.room().short_of_room() && luck.permille(40)) {
    node_.tell("the store has room again");
    node_.room().free();
  }
  if (luck.permille(f.clock_set)) {
    auto by = millis{luck.percent(50) ? luck.between(1, 2'000) : luck.between(1, 10 * 3'600'000)};
    node_.set_wall(luck.percent(50) ? by : -by);
  }
}

/// Rules, strategies and times change under whoever waits, rights and accounts under whoever is
/// there; the checkers go by the newest version. It may be cut by a crash: then it was never
/// answered, and may or may not be in force.
void seeded_run::reload() {
  auto variant = static_cast<unsigned>(node_.luck().below(mixed_deployment_variants));
  node_.tell("configuration " + std::to_string(variant) + " is applied");
  configuration_call m;
  m.method = configuration_method::apply;
  m.text = mixed_deployment(variant);
  m.file = "dispatch.yaml";
  m.reevaluate = node_.luck().percent(50);
  m.by = {"admin", "xu", ""};
  m.reply = {node_.connect([this](const line::arrival& a) {
               if (a.what != line::arrival::kind::failure) return void(++reloads_);
               if (is_want_of_room(a.why)) return;
               node_.found().breach("I7", "a good configuration is refused: " + a.why.message);
             }),
             1};
  if (node_.room().admits(m)) caf::anon_send(node_.node_().directory().configuration, std::move(m));
}

void seeded_run::heal() {
  node_.tell("nobody is held up any more");
  node_.schedule().let_all_go();
  healed_at_ = node_.now();
  deployment_.forget();
}

void seeded_run::crash() {
  ++crashes_;
  node_.tell("the process is killed");
  compare_persons(node_.truth(), node_.found());
  node_.kill();
  book_.deliveries.compare(node_.truth());
  book_.acknowledged.compare(node_.truth());
  if (node_.luck().percent(30)) node_.stay_down(millis{node_.luck().between(1, 20'000)});
  node_.start();
  deployment_.forget();
  for (auto& c : customers_) {
    c->server_restarted();
    if (plan_.leaky_gates) c->leak_line();
  }
  for (auto& a : agents_) a->server_restarted();
}

/// Everything heals, nobody does anything more, an hour goes by: what is transient must have gone
/// by itself.
void seeded_run::end_well() {
  heal();
  node_.centers().broken = false;
  node_.state().hold(false);
  node_.room().free();
  node_.quick_disk = true;
  node_.pass(millis{30'000});
  if (!node_.found().clean()) return;
  check_deployment();
  for (int minutes : {1, 5, 30, 30}) {
    node_.pass(millis{minutes * 60'000});
    if (!node_.found().clean()) return;
  }
  auto agents = node_.standings();
  deployment_.settled(node_.truth(), agents, node_.wall());
  compare_persons(node_.truth(), node_.found());
  book_.deliveries.compare(node_.truth());
  book_.acknowledged.compare(node_.truth());
}

seeded_run::figures seeded_run::count() const {
  auto& n = const_cast<simulated_node&>(node_);
  figures f;
  f.messages = n.handled();
  f.records = n.truth().records();
  f.sessions = n.truth().sessions().size();
  f.acknowledged = book_.acknowledged.count();
  f.shown = book_.deliveries.count();
  f.crashes = crashes_;
  f.checks = checks_;
  f.reloads = reloads_;
  f.fillings = n.room().fillings();
  f.refused = book_.refused;
  for (auto& [id, page] : n.truth().sessions()) f.assigned += page.served_by.size();
  return f;
}

seeded_run::figures& seeded_run::figures::operator+=(const figures& x) {
  messages += x.messages, records += x.records, sessions += x.sessions,
      acknowledged += x.acknowledged;
  shown += x.shown, crashes += x.crashes, checks += x.checks, assigned += x.assigned,
      refused += x.refused, reloads += x.reloads, fillings += x.fillings;
  return *this;
}

std::string seeded_run::figures::text() const {
  auto n = [](std::uint64_t x, const char* what) { return std::to_string(x) + " " + what; };
  return n(messages, "messages between actors, ") + n(sessions, "sessions, ") +
         n(assigned, "assignments, ") + n(records, "records, ") +
         n(acknowledged, "acknowledged calls, ") + n(refused, "refused, ") +
         n(shown, "events shown, ") + n(crashes, "crashes, ") + n(reloads, "configurations, ") +
         n(fillings, "times short of room, ") + n(checks, "looks at the floor");
}

std::string seeded_run::report() const {
  auto& n = const_cast<simulated_node&>(node_);
  return "seed " + std::to_string(plan_.seed) + " after " + std::to_string(n.handled()) +
         " messages, " + std::to_string(crashes_) + " crashes:\n" + n.found().text();
}

std::string seeded_run::kind() const {
  auto& n = const_cast<simulated_node&>(node_);
  return failure_kind(n.found().first(), n.config());
}

}  // namespace switchboard::simulation
