#include "tools/simulation/simulated_node.hpp"

#include <stdexcept>

#include "actors/catalog/catalog_projection.hpp"
#include "actors/configuration/configuration_projection.hpp"
#include "actors/messages/registration.hpp"
#include "actors/read_model/projection/agent_projection.hpp"
#include "actors/read_model/projection/customer_projection.hpp"
#include "actors/read_model/projection/left_message_projection.hpp"
#include "actors/read_model/projection/session_projection.hpp"
#include "config/dispatch_loader.hpp"
#include "tools/simulation/record_text.hpp"

namespace switchboard::simulation {
namespace {

/// More messages at one instant than any honest work makes: somebody goes in circles.
constexpr std::size_t most_at_once = 400'000;
constexpr auto everything = ~std::size_t{0};

std::shared_ptr<const config::dispatch_config> parse(const std::string& yaml) {
  auto read = config::parse_dispatch(yaml);
  if (!read) throw std::runtime_error(config::to_string(read.error()));
  return std::make_shared<const config::dispatch_config>(std::move(*read));
}

configuration_start begin_with(const std::string& yaml, const recovery::recovered_world& world,
                               const store::state& state, timestamp now) {
  const configuration_past past{
      world.version, world.configuration.file_hash, world.accounts, [&](int version) {
        return configuration_table::find_version(*state.lenient_view(), version);
      }};
  auto start = choose_start(yaml, "dispatch.yaml", past, now);
  if (!start) throw std::runtime_error(config::to_string(start.error()));
  return std::move(*start);
}

}  // namespace

simulated_node::simulated_node(const std::string& yaml, std::uint64_t seed)
    : luck_(seed),
      yaml_(yaml),
      config_(parse(yaml)),
      state_(disk_, projections()),
      truth_(*config_, found_) {}

simulated_node::~simulated_node() {
  if (life_) kill();
}

std::vector<std::shared_ptr<store::projection>> simulated_node::projections() {
  return {std::make_shared<session_projection>(),      std::make_shared<agent_projection>(),
          std::make_shared<customer_projection>(),     std::make_shared<configuration_projection>(),
          std::make_shared<left_message_projection>(), std::make_shared<catalog_projection>()};
}

void simulated_node::start() {
  clock_.begin_process();
  auto world = recovery::load(state_, disk_);
  if (!world) throw std::runtime_error(world.error().message);
  // As the daemon waits, though here the tail is long enough for recovery to have something to
  // read.
  state_.catch_up();
  life_ = std::make_unique<life>();
  auto& l = *life_;
  l.journal = std::make_unique<observed_journal>(disk_, [this](const store::placed_record& r) {
    if (trace) tell(record_text(r.at, r.body));
    truth_.take(r, now());
  });
  l.gate = std::make_unique<channel::gate>(*l.journal, [&l] { l.gate_woken = true; });
  tell("the process starts");
  register_messages(l.config);
  l.config.set("scheduler.policy", caf::atom("testing"));
  l.system = std::make_unique<caf::actor_system>(l.config);
  l.coordinator = &dynamic_cast<caf::scheduler::test_coordinator&>(l.system->scheduler());
  l.coordinator->clock().current_time += std::chrono::hours{1};
  l.others_running = l.system->registry().running();
  l.schedule = std::make_unique<random_schedule>(*l.coordinator, luck_);
  node_options o;
  o.directories = 2;
  o.archive = history_thread::shared;
  o.miner = miner_thread::shared;
  o.seed = luck_.any();
  o.timer_thread = false;
  o.wait_at_stop = false;  // nobody runs while it would wait: `kill` lets them
  l.node = std::make_unique<node>(*l.system, *l.journal, state_, clock_,
                                  center::immediate_center_client(centers_),
                                  begin_with(yaml_, *world, state_, clock_.wall()), o);
  started_ = now();
  truth_.process_begins(now(), clock_.wall());
  l.node->start(std::move(*world));
}

/// Messages to the dead are of no consequence: the journal takes nothing more. What is handled
/// before an exit comes may bring one actor more, hence again and again.
void simulated_node::end_actors() {
  auto& l = *life_;
  for (int tries = 0; tries < 1000 && l.system->registry().running() > l.others_running; ++tries) {
    l.node->stop();
    for (std::size_t n = 0; n < most_at_once && l.coordinator->try_run_once(); ++n) {
    }
    if (l.coordinator->has_pending_timeout()) l.coordinator->trigger_timeouts();
  }
}

void simulated_node::kill() {
  auto& l = *life_;
  for (auto& c : lines_) c->drop();
  lines_.clear();
  l.writing.clear();
  l.gate->stop();
  disk_.crash();
  l.journal->cut();
  handled_ += l.schedule->steps();
  late_matches_ += l.node->late_matches();
  end_actors();
  l.schedule.reset();
  l.node.reset();
  l.system.reset();
  life_.reset();
  state_.restart(projections());
  truth_.reread(disk_);
}

bool simulated_node::run(std::size_t n) {
  while (n-- > 0) {
    if (!life_->schedule->step()) return false;
  }
  return true;
}

void simulated_node::settle() {
  for (std::size_t n = 0; found_.clean(); ++n) {
    if (!life_->schedule->step()) {
      if (!quick_disk) break;
      // What leaves may bring new work, so both until neither has any.
      commit(everything);
      if (!life_->schedule->anybody_ready()) break;
    }
    if (n > most_at_once) return found_.breach("I6", "the actors go in circles without end");
  }
  flush_lines();
}

void simulated_node::set_wall(millis by) {
  tell("the clock is set by " + std::to_string(by.count()) + " ms");
  clock_.set_wall(by);
}

void simulated_node::leap(millis by) {
  clock_.advance(by);
  life_->coordinator->advance_time(by);
  look_at_timers();
}

void simulated_node::look_at_timers() {
  if (!life_->schedule->holds(timers_name)) life_->node->timers().advance();
}

millis simulated_node::until_due(millis at_most) const {
  if (auto due = life_->schedule->until_due())
    at_most = std::min(at_most, std::chrono::ceil<millis>(*due));
  auto look =
      life_->schedule->holds(timers_name) ? std::nullopt : life_->node->timers().next_look();
  if (look) at_most = std::min(at_most, *look - clock_.now());
  return std::max(at_most, millis{0});
}

void simulated_node::pass(millis by) {
  settle();
  while (by > millis{0} && found_.clean()) {
    auto hop = std::max(millis{1}, until_due(by));
    leap(hop);
    by -= hop;
    settle();
  }
}

void simulated_node::commit(std::size_t n) {
  disk_.commit_some(n);
  flush_lines(!quick_disk);
}

void simulated_node::tell(const std::string& what) const {
  if (trace) trace(std::to_string((now() - virtual_clock().truth()).count()) + " ms  " + what);
}

std::shared_ptr<line> simulated_node::connect(line::receiver to) {
  if (lines_.size() >= prune_lines_at_) {
    std::erase_if(lines_, [](auto& c) { return !c->open(); });
    prune_lines_at_ = 2 * lines_.size() + 64;
  }
  if (trace) {
    to = [this, to = std::move(to), id = next_line_](const line::arrival& a) {
      tell(arrival_text(id, a));
      to(a);
    };
  }
  return lines_.emplace_back(std::make_shared<line>(next_line_++, way_out(), std::move(to)));
}

void simulated_node::flush_lines(bool slowly) {
  auto& l = *life_;
  std::vector<std::shared_ptr<line>> slow;
  while (l.gate_woken || !l.writing.empty()) {
    if (std::exchange(l.gate_woken, false)) l.gate->drain();
    // A client that is handed something may open another line.
    for (auto& c : std::exchange(l.writing, {})) {
      if (slowly && luck_.percent(10))
        slow.push_back(c);
      else
        c->write_on(disk_.durable());
    }
  }
  std::swap(l.writing, slow);
}

void simulated_node::open(open_session m) {
  if (!room_.admits(m)) return;
  auto shard = session_shard(m.request.channel, m.request.customer.id);
  caf::anon_send(life_->node->directory().directory_of(shard), std::move(m));
}

std::vector<agent_standing> simulated_node::standings() {
  std::vector<agent_standing> all(config_->agents.size());
  std::vector<std::shared_ptr<line>> asked;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& id = config_->agents[i].id;
    asked.push_back(
        std::make_shared<line>(1'000'000 + i, way_out(), [&all, &id, i](const line::arrival& a) {
          if (a.what == line::arrival::kind::reply) all[i] = read_standing(id, a.packed);
        }));
    all[i].id = id;
    all[i].state = "offline";
    all[i].gone = true;
    asked.back()->leak();  // nobody is told: it is only looked at
    agent_call m;
    m.agent = id;
    m.reply = {asked.back(), 1};
    to_agent(id, std::move(m));
  }
  while (life_->schedule->step()) {
  }
  flush_lines();
  for (auto& c : asked) c->drop();
  return all;
}

}  // namespace switchboard::simulation
