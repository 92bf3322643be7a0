#include "actors/directory/directory_actor.hpp"

#include <deque>
#include <optional>
#include <unordered_map>

#include "actors/session/session_machine.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"
#include "runtime/hosting/unless_known.hpp"

namespace switchboard {
namespace {

class directory_body {
 public:
  static inline const char* name = "directory";

  directory_body(directory_actor::pointer self, actor_probe& probe,
                 const directory_services& services, std::string key,
                 std::vector<resumed_session> resumed)
      : self_(self),
        services_(services),
        probe_(services.sessions.probes.enrol(probe, actor_kind::directory, key)),
        shard_(entity_shard('d', key)) {
    for (auto& r : resumed)
      customers_[customer_key(r.channel, r.customer)] = {r.session, true, {}, {}};
  }

  directory_actor::behavior_type make_behavior() {
    return {
        [this](open_session& m) { take_up(m, &directory_body::on_open); },
        [this](const session_over& m) { take_up(m, &directory_body::on_over); },
        [this](session_call& m) { take_up(m, &directory_body::on_absent<session_call>); },
        [this](send_message& m) { take_up(m, &directory_body::on_absent<send_message>); },
        [this](session_loaded& m) { take_up(m, &directory_body::on_loaded); },
        [this](const timer_fired& m) { take_up(m, &directory_body::on_timer); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  struct entry {
    session_id session;
    bool live = false;
    timestamp closed_at{};
    agent_id last_agent;
  };
  struct recent_open {
    session_id session;
    std::uint64_t content = 0;
  };
  struct forgotten {
    timestamp at;
    store::position needs;
    std::string customer;        // of a closed session, or
    std::uint64_t open_key = 0;  // of an open
  };
  /// A session that is over, still in memory.
  struct lingering {
    timestamp look_at;
    session_id id;
    session_actor who;
  };
  struct waiting_calls {
    std::vector<session_call> calls;
    std::vector<send_message> sends;
  };

  timestamp now() const { return services_.sessions.clock.now(); }
  session_table& table() { return services_.sessions.directory.sessions; }

  /// Right after a start the state environment may lack what recovery read from the journal's tail:
  /// a look into it would miss the last opens and closes.
  bool state_is_behind() const {
    return services_.sessions.journal.projected() < services_.sessions.recovered_upto;
  }

  template <class Call> void wait_for_state(std::vector<Call>& held, Call& m) {
    constexpr std::size_t most = 4096;
    if (held.size() >= most) {
      return m.reply.fail(
          services_.sessions.journal.last(),
          error{errc::resource_exhausted, "the store is being read back; try again", {}, {}, 0});
    }
    held.push_back(std::move(m));
    look_at_state(now() + look_again);
  }

  void look_at_state(timestamp when) {
    if (state_due_) return;
    state_due_ = when;
  }

  void take_up_held() {
    state_due_.reset();
    if (state_is_behind()) return look_at_state(now() + look_again);
    for (auto& m : std::exchange(held_opens_, {})) on_open(m);
    for (auto& m : std::exchange(held_calls_, {})) on_absent(m);
    for (auto& m : std::exchange(held_sends_, {})) on_absent(m);
  }

  static std::string customer_key(const std::string& channel, const std::string& customer) {
    return channel + '\0' + customer;
  }

  void on_open(open_session& m) {
    auto& r = m.request;
    auto key = customer_key(r.channel, r.customer.id);
    m.known_by = repeatable_open(services_.sessions.secret, r);
    const auto open_key = m.known_by.key.key;
    auto it = customers_.find(key);
    bool live = it != customers_.end() && it->second.live;
    // Also where a session lives: another one before it may have answered this request.
    if (!recent_opens_.contains(open_key) && state_is_behind())
      return wait_for_state(held_opens_, m);
    if (auto known = find_known(m.known_by, r)) {
      auto session = table().find(known->session);
      // The session itself sends back what reached it after its end; its session_over came before.
      // To pass it on again would go on for ever.
      bool bounced =
          session && caf::actor_cast<caf::strong_actor_ptr>(session) == self_->current_sender();
      // It knows best what it took of this request, and says so.
      if (session && !bounced) return self_->send(session, std::move(m));
      if (!session && known->same_content) return answer_closed(known->session, m.reply);
      if (!session) {
        return m.reply.fail(services_.sessions.journal.last(),
                            error{errc::already_exists,
                                  "request_id: used before with other content",
                                  "request_id",
                                  {},
                                  0});
      }
      recent_opens_.erase(open_key);
    }
    if (refused_as_new(m.reply)) return;
    recent_opens_[open_key] = {{}, m.known_by.key.content};
    forget_later({now() + services_.remember, 0, {}, open_key});
    if (live) {
      recent_opens_[open_key].session = it->second.session;
      return self_->send(table().find(it->second.session), std::move(m));
    }
    open_new(m, key, open_key, it == customers_.end() ? nullptr : &it->second);
  }

  struct known_request {
    session_id session;
    bool same_content = true;
  };
  std::optional<known_request> find_known(const repeatable& wanted, const consultation_request& r) {
    const auto& key = wanted.key;
    if (auto it = recent_opens_.find(key.key); it != recent_opens_.end())
      return known_request{it->second.session, it->second.content == key.content};
    auto stored = services_.find_open(r.channel, r.customer.id, r.request_id);
    if (!stored) return {};
    if (stored->key.key == key.key)
      return known_request{stored->session, stored->key.content == key.content};
    // Of an older version: what the request held is not known any more. All else is somebody else's
    // row.
    if (stored->key.key == 0 || stored->key.key == wanted.older)
      return known_request{stored->session, true};
    return {};
  }

  void open_new(open_session& m, const std::string& key, std::uint64_t open_key,
                const entry* before) {
    auto& s = services_.sessions;
    auto id = make_session_id(session_shard(m.request.channel, m.request.customer.id),
                              wall_time(services_.sessions.clock), s.random(), s.random());
    std::optional<session_id> continues;
    agent_id last_agent;
    std::optional<known_close> closed;
    if (before)
      closed = known_close{before->session, before->closed_at, before->last_agent};
    else
      closed = services_.find_close(m.request.channel, m.request.customer.id);
    if (closed && wall_time(services_.sessions.clock) - closed->closed_at <=
                      s.config()->session.continue_within) {
      continues = closed->session;
      last_agent = closed->last_agent;
    }
    auto session = spawn_session(self_->home_system(), s, id, continues, last_agent);
    table().put(id, session);
    customers_[key] = {id, true, {}, {}};
    recent_opens_[open_key].session = id;
    self_->send(session, std::move(m));
  }

  void answer_closed(const session_id& id, const reply_to& to) const {
    codec::packer p;
    p.map(3);
    field(p, "session_id", id.text());
    field(p, "state", "closed");
    p.str("seq").uinteger(1);
    to.ok(services_.sessions.journal.last(), p.take());
  }

  /// For a session that is not in memory: it is read back if there ever was one.
  template <class Call> void on_absent(Call& m) {
    if (auto session = table().find(m.session)) return self_->send(session, std::move(m));
    if (state_is_behind()) {
      if constexpr (std::same_as<Call, send_message>)
        return wait_for_state(held_sends_, m);
      else
        return wait_for_state(held_calls_, m);
    }
    constexpr std::size_t most_loading = 4096, most_held = 64;
    auto& waiting = loading_[m.session];
    bool first = waiting.calls.empty() && waiting.sends.empty();
    if (loading_.size() > most_loading ||
        waiting.calls.size() + waiting.sends.size() >= most_held) {
      m.reply.fail(
          services_.sessions.journal.last(),
          error{errc::resource_exhausted, "too many old sessions asked for at once", {}, {}, 0});
      if (first) loading_.erase(m.session);
      return;
    }
    auto id = m.session;
    if constexpr (std::same_as<Call, send_message>)
      waiting.sends.push_back(std::move(m));
    else
      waiting.calls.push_back(std::move(m));
    if (first) self_->send(services_.sessions.directory.archive, load_session{id});
  }

  void on_loaded(session_loaded& m) {
    auto it = loading_.find(m.session);
    if (it == loading_.end()) return;
    auto waiting = std::move(it->second);
    loading_.erase(it);
    auto session = table().find(m.session);
    session_state state;
    if (!session && !m.snapshot.empty() && codec::unpack(m.snapshot, state) && state.over()) {
      session = spawn_recovered_session(self_->home_system(), services_.sessions, std::move(state));
      table().put(m.session, session);
      leaves_later(m.session, session);
    }
    if (session) {
      for (auto& c : waiting.calls) self_->send(session, std::move(c));
      for (auto& c : waiting.sends) self_->send(session, std::move(c));
      return;
    }
    error none{errc::not_found, "session_id: there is no such session", "session_id", {}, 0};
    // Neither here nor in what is durable.
    for (auto& c : waiting.calls) c.reply.fail(0, none);
    for (auto& c : waiting.sends) c.reply.fail(0, none);
  }

  void on_over(const session_over& m) {
    leaves_later(m.session, caf::actor_cast<session_actor>(self_->current_sender()));
    auto key = customer_key(m.channel, m.customer);
    auto it = customers_.find(key);
    if (it == customers_.end() || it->second.session != m.session) return;
    it->second = {m.session, false, m.closed_at, m.last_agent};
    forget_later(
        {now() + services_.remember, services_.sessions.journal.last(), std::move(key), 0});
  }

  void leaves_later(const session_id& id, session_actor who) {
    lingering_.push_back({now() + services_.linger, id, std::move(who)});
  }

  void forget_later(forgotten f) {
    if (f.needs == 0) f.needs = services_.sessions.journal.last() + 1;
    forgotten_.push_back(std::move(f));
  }

  /// Who is done leaves and what is old is forgotten a few at a time, with each message: a burst of
  /// ends would hold up whoever comes next. When nothing comes, the timer calls.
  template <class Message, class Handler> void take_up(Message& m, Handler handle) {
    (this->*handle)(m);
    tidy(now());
    arm();
  }

  void tidy(timestamp t) {
    constexpr int at_once = 4;
    const auto projected = services_.sessions.journal.projected();
    for (int n = 0; n < at_once && !lingering_.empty() && lingering_.front().look_at <= t; ++n)
      let_go_first(t, projected);
    for (int n = 0; n < at_once && may_forget(t, projected); ++n) forget_first(t);
  }

  /// Nobody finds it from here on. It ends when whoever has its handle has let that go: what they
  /// send to it until then it sends back.
  void let_go_first(timestamp t, store::position projected) {
    auto first = std::move(lingering_.front());
    lingering_.pop_front();
    auto* shows = shown_by<session_shown>(first.who);
    if (!shows || shows->stay.gone()) return;
    if (shows->stay.let_go(t - services_.linger, projected)) {
      table().take(first.id);
      return;
    }
    first.look_at = t + services_.linger;
    lingering_.push_back(std::move(first));
  }

  bool may_forget(timestamp t, store::position projected) const {
    return !forgotten_.empty() && forgotten_.front().at <= t &&
           forgotten_.front().needs <= projected;
  }

  void forget_first(timestamp t) {
    auto& f = forgotten_.front();
    if (f.open_key != 0) recent_opens_.erase(f.open_key);
    auto it = customers_.find(f.customer);
    if (it != customers_.end() && !it->second.live &&
        it->second.closed_at + services_.remember <= t)
      customers_.erase(it);
    forgotten_.pop_front();
  }

  void arm() {
    const auto t = now();
    std::optional<timestamp> next = state_due_;
    auto earlier = [&](timestamp x) { next = next ? std::min(*next, x) : x; };
    // Later than they are due, for with messages they need no timer.
    if (!lingering_.empty()) earlier(std::max(lingering_.front().look_at + quiet, t + breath));
    const bool ready = may_forget(t, services_.sessions.journal.projected());
    if (!forgotten_.empty())
      earlier(std::max(forgotten_.front().at + quiet, t + (ready ? breath : quiet)));
    if (next)
      timer_.arm(*next);
    else
      timer_.cancel();
  }

  void on_timer(const timer_fired& m) {
    if (timer_.rang(m.generation) && state_due_ && *state_due_ <= now()) take_up_held();
  }

  void on_status(const status_request& m) {
    codec::packer p;
    p.map(5);
    p.str("customers").uinteger(customers_.size());
    p.str("recent_opens").uinteger(recent_opens_.size());
    p.str("loading").uinteger(loading_.size());
    p.str("to_forget").uinteger(forgotten_.size());
    p.str("to_leave").uinteger(lingering_.size());
    m.reply.ok(0, p.take());
  }

  directory_actor::pointer self_;
  const directory_services& services_;
  probe_registry::enrolment probe_;
  shard_id shard_;
  std::unordered_map<std::string, entry> customers_;
  std::unordered_map<std::uint64_t, recent_open> recent_opens_;
  std::unordered_map<session_id, waiting_calls> loading_;
  std::deque<forgotten> forgotten_;
  std::deque<lingering> lingering_;
  static constexpr millis quiet{200}, breath{10};
  // Until the state environment has caught up with what recovery read.
  static constexpr millis look_again{50};
  std::optional<timestamp> state_due_;
  std::vector<open_session> held_opens_;
  std::vector<session_call> held_calls_;
  std::vector<send_message> held_sends_;
  actor_timer timer_{*services_.sessions.directory.timers, self_};
};

}  // namespace

directory_actor spawn_directory(caf::actor_system& system, const directory_services& services,
                                std::string name, std::vector<resumed_session> resumed) {
  return system.spawn<hosted_actor<directory_actor, directory_body>>(
      std::cref(services), std::move(name), std::move(resumed));
}

}  // namespace switchboard
