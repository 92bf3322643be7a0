#include "tools/node/node.hpp"

#include <algorithm>
#include <thread>

#include <caf/all.hpp>

#include "actors/configuration/configuration_projection.hpp"
#include "actors/customer/field_policy.hpp"
#include "actors/messages/waking.hpp"
#include "actors/read_model/projection/agent_reading.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/person_finding.hpp"
#include "actors/read_model/projection/session_reading.hpp"
#include "actors/read_model/recovery/block_loading.hpp"
#include "actors/router/opening_hours.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {
namespace {

/// A row that is damaged is said by the state, and here like one that is not there: an open goes
/// on.
template <class Found, class Read> std::optional<Found> unless_damaged(Read read) {
  try {
    return read();
  } catch (const store::damaged_data&) {
    return std::nullopt;
  }
}

directory_services make_directory_services(const session_services& sessions,
                                           const store::state& state) {
  directory_services d{sessions, {}, {}};
  d.find_open = [&state, config = sessions.config](const std::string& channel,
                                                   const std::string& customer,
                                                   const std::string& request) {
    return unless_damaged<known_open>([&]() -> std::optional<known_open> {
      auto found = projecting::find_open(*state.view(), channel, customer, request,
                                         config()->session.closed_key_retention);
      if (!found) return std::nullopt;
      return known_open{found->session, {found->key, found->content}};
    });
  };
  d.find_close = [&state](const std::string& channel, const std::string& customer) {
    return unless_damaged<known_close>([&]() -> std::optional<known_close> {
      auto found = projecting::find_last_close(*state.view(), channel, customer);
      if (!found) return std::nullopt;
      return known_close{found->session, found->closed_at, found->last_agent};
    });
  };
  return d;
}

}  // namespace

node::node(caf::actor_system& system, store::journal& journal, const store::state& state,
           const clock_source& clock, std::shared_ptr<center::center_client> centers,
           configuration_start configuration, const node_options& options)
    : system_(system),
      state_(state),
      configuration_(std::move(configuration)),
      config_(configuration_.use.dispatch),
      rules_(configuration_.use.rules),
      accounts_(configuration_.use.accounts),
      closed_by_hand_(std::make_shared<const std::vector<group_switch>>()),
      folder_(std::make_shared<const std::string>(options.dispatch_folder)),
      rule_cache_([this](int version) { return load_rules(version); }),
      reception_(std::make_shared<const reception_rules>(config_)),
      options_(options),
      timers_(clock, &send_wake),
      random_(options.seed),
      session_services_{journal,
                        clock,
                        directory_,
                        probes_,
                        counters_,
                        [this] { return this->config(); },
                        [this] { return random(); },
                        options.session},
      agent_services_{journal,      clock, directory_, probes_, [this] { return this->config(); },
                      options.agent},
      group_services_{clock,
                      directory_,
                      probes_,
                      [this] { return this->config(); },
                      [this](const config::group_config& g, timestamp t) { return open_now(g, t); },
                      [this] { return random(); },
                      options.group,
                      late_matches_},
      router_services_{clock, probes_, [this] { return this->rules(); },
                       [this](int version) { return rule_cache_.find(version); }},
      configuration_services_{
          journal,
          state,
          clock,
          directory_,
          probes_,
          [this](const loaded_configuration& c) {
            rule_cache_.put(c.rules);
            std::atomic_store(&accounts_, c.accounts);
            std::atomic_store(&config_, c.dispatch);
            std::atomic_store(&rules_, c.rules);
            std::atomic_store(&reception_, std::make_shared<const reception_rules>(c.dispatch));
            // Last: whoever is judged by it finds it in force.
            if (options_.configured) options_.configured(*c.dispatch);
          },
          [this](const std::vector<group_switch>& closed) {
            std::atomic_store(&closed_by_hand_,
                              std::make_shared<const std::vector<group_switch>>(closed));
          },
          [this](const config::group_config& g) {
            return spawn_group(system_, group_services_, g, 0, {});
          },
          [this](const config::agent_config& a, agent_record r) {
            return spawn_agent(system_, agent_services_, a, std::move(r));
          },
          [this](std::size_t things) { disagreements_ = things; },
          [this] { return folder(); }},
      history_services_{state, clock, probes_},
      center_services_{clock, probes_, journal, directory_, centers},
      credit_services_{state, clock, probes_, directory_, centers, options.credit},
      customer_services_{journal,
                         state,
                         clock,
                         directory_,
                         probes_,
                         [this] { return random(); },
                         0,
                         options.customer,
                         [this] { return this->config(); },
                         &centers_,
                         &blocks_,
                         &catalog_,
                         &names_,
                         &claims_},
      catalog_services_{journal, state, clock, probes_, catalog_},
      miner_services_{state, clock, directory_, probes_, [this] { return this->config(); }},
      directory_services_(make_directory_services(session_services_, state)) {
  directory_.timers = &timers_;
  session_services_.reception = [this] { return this->reception(); };
  session_services_.attachments = options.attachments;
  session_services_.secret = customer_services_.secret = options.secret;
  session_services_.gate = customer_services_.gate = agent_services_.gate = options.gate;
  agent_services_.state = &state;
  session_services_.known_name = [this](const person_id& person, const std::string& channel,
                                        const channel_customer& who) {
    return name_now(person, channel, who);
  };
  if (options_.configured) options_.configured(*config_);
}

node::~node() {
  stop();
  directory_.clear();
  directory_.sessions.clear();
}

std::uint64_t node::random() {
  std::lock_guard hold(random_lock_);
  return random_();
}

/// The timers and the archive serve everybody, so they are first; then what answers sessions;
/// agents and groups before the sessions that stand with them; the directories, which let new work
/// in, last.
void node::start(recovery::recovered_world world) {
  SB_INVARIANT(state_.projected() >= world.upto);
  running_before_ = system_.registry().running();
  if (options_.timer_thread)
    timer_thread_ = std::make_unique<timer_thread>(timers_, session_services_.clock);
  customer_services_.recovered_upto = world.upto;
  session_services_.recovered_upto = world.upto;
  directory_.archive = spawn_history(system_, history_services_, options_.archive);
  using center::center_kind;
  auto center = [this](center_kind kind) { return spawn_center(system_, center_services_, kind); };
  centers_ = {center(center_kind::member), center(center_kind::tag), center(center_kind::product),
              center(center_kind::order)};
  directory_.centers = centers_;
  credit_ = spawn_credit(system_, credit_services_);
  for (unsigned i = 0; i < options_.routers; ++i) {
    directory_.routers.push_back(spawn_router(system_, router_services_, std::to_string(i)));
  }
  start_customers();
  for (unsigned i = 0; i < options_.identifiers; ++i) {
    directory_.identifiers.push_back(
        spawn_identification(system_, *identification_services_, std::to_string(i)));
  }
  start_configuration(world);
  start_agents_and_groups(world);
  resume_sessions(world);
}

/// Before the groups, which report to it and ask what is closed by hand.
void node::start_configuration(recovery::recovered_world& world) {
  rule_cache_.put(rules_);
  configuration_services_.close(world.configuration.closed);
  configuration_inheritance with{
      std::move(world.configuration), configuration_.use,    configuration_.fresh,   {},
      configuration_.accounts,        configuration_.settle, configuration_.conflict};
  for (auto& [id, record] : world.agents) {
    const auto& known = config_->agents;
    if (std::ranges::find(known, id, &config::agent_config::id) == known.end())
      with.others.emplace(id, record);
  }
  directory_.configuration = spawn_configuration(system_, configuration_services_, std::move(with));
}

bool node::open_now(const config::group_config& g, timestamp t) const {
  const auto closed = std::atomic_load(&closed_by_hand_);
  if (std::ranges::find(*closed, g.id, &group_switch::group) != closed->end()) return false;
  return group_open(*config(), g.id, t);
}

/// From the person if awake, else from the state; of one merged away, the name of whom it is shown
/// as.
profile_name node::name_now(const person_id& person, const std::string& channel,
                            const channel_customer& who) {
  auto id = person;
  // Asked in the middle of a session's own work: a name that is damaged is none.
  if (id.empty()) {
    auto found = unless_damaged<person_id>([&]() -> std::optional<person_id> {
      return projecting::find_person(state_, claims_, channel, who, {}).person;
    });
    id = found.value_or(person_id{});
  }
  const auto view = state_.lenient_view();
  profile_value found;
  constexpr int most_mergers = 8;
  for (int i = 0; i < most_mergers; ++i) {
    auto awake = names_.find(id);
    if (!awake) {
      found = projecting::read_shown(*view, id).profile.name;
      break;
    }
    found = std::move(awake->name);
    if (awake->shown_as.empty()) break;
    id = std::move(awake->shown_as);
  }
  const bool by_staff = kind_of_source(found.source) == "agent";
  return {std::move(found.value), found.at, by_staff};
}

std::shared_ptr<const routing_rules> node::load_rules(int version) const {
  auto v = configuration_table::find_version(*state_.lenient_view(), version);
  if (!v || v->text.empty()) return nullptr;
  auto loaded = load_configuration(std::move(*v), folder(), std::atomic_load(&accounts_));
  return loaded ? loaded->rules : nullptr;
}

/// Who is blocked, and what is sold, before anybody asks.
void node::start_customers() {
  auto& state = customer_services_.state;
  recovery::load_blocks(*state.lenient_view(), blocks_);
  directory_.catalog = spawn_catalog(system_, catalog_services_);
  directory_.miner = spawn_miner(system_, miner_services_, options_.miner);
  for (unsigned i = 0; i < options_.directories; ++i) {
    directory_.customers.push_back(spawn_customer_directory(system_, customer_services_));
  }
  identification_services_.reset(new identification_services{session_services_.clock, directory_,
                                                             probes_, [this] { return config(); },
                                                             centers_, counters_.degraded});
  identification_services_->find_person = [this](const consultation_request& r,
                                                 const std::string& member) {
    try {
      auto found = projecting::claim_person(state_, claims_, r.channel, r.customer, member,
                                            session_services_.clock.now());
      return known_person{std::move(found.person), std::move(found.conflicts)};
    } catch (const store::damaged_data&) {
      // Said by the state. Served as somebody new, rather than not at all.
      return known_person{};
    }
  };
  identification_services_->attribute = [this](const consultation_request& r, findings& f) {
    auto to = attribute(*catalog_.now(), r.channel, r.entry, wall_time(session_services_.clock));
    f.sales_channel = std::move(to.sales_channel);
    f.campaign = std::move(to.campaign);
  };
}

void node::start_agents_and_groups(recovery::recovered_world& world) {
  auto config = this->config();
  for (auto& g : config->groups) {
    auto& before = world.groups[g.id];
    auto waiters = before.waiters;
    // Cut off between a merger and their moving, they come to where they were meant to go.
    for (auto& old : g.formerly) waiters += world.groups[old].waiters;
    directory_.put_group(g.id,
                         spawn_group(system_, group_services_, g, waiters, before.latest.agent));
  }
  std::unordered_map<agent_id, std::vector<agent_machine::served_session>> served;
  for (auto& s : world.sessions) {
    projecting::add_served(s, [&](const agent_id& who, agent_machine::served_session what) {
      served[who].push_back(std::move(what));
    });
  }
  for (auto& a : config->agents) {
    directory_.put_agent(a.id, spawn_agent(system_, agent_services_, a, world.agents[a.id],
                                           std::move(served[a.id])));
  }
}

void node::resume_sessions(recovery::recovered_world& world) {
  std::vector<std::vector<resumed_session>> by_directory(options_.directories);
  for (auto& s : world.sessions) {
    by_directory[s.id.shard % options_.directories].push_back({s.id, s.channel, s.customer});
  }
  for (unsigned i = 0; i < options_.directories; ++i) {
    directory_.directories.push_back(spawn_directory(
        system_, directory_services_, std::to_string(i), std::move(by_directory[i])));
  }
  for (auto& s : world.sessions) {
    claim_again(s);
    auto id = s.id;
    directory_.sessions.put(id, spawn_recovered_session(system_, session_services_, std::move(s)));
  }
  world.sessions.clear();
}

/// A person who was not heard in time may not have recorded what the request showed. The session
/// tells it again; meanwhile who else shows the same must find it.
void node::claim_again(const session_state& s) {
  if (!s.dispatch || s.person.empty()) return;
  auto& found = s.dispatch->found;
  if (!found || found->guessed() || found->heard_by_person()) return;
  unless_damaged<bool>([&]() -> std::optional<bool> {
    auto& r = s.dispatch->request;
    projecting::claim_for(state_, claims_, r.channel, r.customer, s.person,
                          session_services_.clock.now());
    return true;
  });
}

/// What is still in a mailbox may be handled before the exit, and may spawn one actor more: hence
/// again and again.
void node::stop() {
  timer_thread_.reset();
  timers_.stop();
  send_exits();
  if (!options_.wait_at_stop) return;
  for (int tries = 0; tries < 10'000 && system_.registry().running() > running_before_; ++tries) {
    std::this_thread::sleep_for(millis{1});
    send_exits();
  }
}

void node::send_exits() {
  std::vector<caf::strong_actor_ptr> all;
  auto add = [&](const auto& handle) {
    if (handle) all.push_back(caf::actor_cast<caf::strong_actor_ptr>(handle));
  };
  for (auto& x : directory_.directories) add(x);
  directory_.sessions.for_each([&](auto& id, auto& who) {
    (void)id;
    add(who);
    return true;
  });
  for (auto& [id, x] : directory_.all_agents()) add(x);
  for (auto& [id, x] : directory_.all_groups()) add(x);
  for (auto& x : directory_.retiring_groups()) add(x);
  add(directory_.configuration);
  for (auto& x : directory_.routers) add(x);
  for (auto& x : directory_.identifiers) add(x);
  for (auto& x : directory_.customers) add(x);
  add(directory_.archive);
  add(credit_);
  add(directory_.miner);
  add(directory_.catalog);
  for (auto* c : {&centers_.member, &centers_.tag, &centers_.product, &centers_.trade}) add(*c);
  for (auto& p : all) caf::anon_send_exit(p, caf::exit_reason::user_shutdown);
}

}  // namespace switchboard
