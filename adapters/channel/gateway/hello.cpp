#include <algorithm>
#include <atomic>

#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/password/device_token.hpp"
#include "adapters/password/password_verifier.hpp"
#include "config/token.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/codec/params.hpp"
#include "runtime/log/log.hpp"

/// Who a connection is: by token at once, by password when that has been checked elsewhere.
namespace switchboard {

using codec::packer;
using codec::params;

namespace {

const config::agent_config* find_account(const config::dispatch_config& c, const std::string& id) {
  const auto at = std::ranges::find(c.agents, agent_id{id}, &config::agent_config::id);
  return at == c.agents.end() ? nullptr : &*at;
}

/// The stored hash that the token belongs to; empty where there is none.
std::string token_fits(const config::agent_config& a, const std::string& token, timestamp now) {
  // Both are compared always, so that the time taken does not tell which it was.
  const bool fits = config::token_matches(token, a.token_sha256);
  const bool old = config::token_matches(token, a.old_token_sha256);
  if (fits) return a.token_sha256;
  return old && now < a.old_token_until ? a.old_token_sha256 : std::string();
}

std::shared_ptr<caller> as_agent(std::shared_ptr<const config::dispatch_config> config,
                                 const config::agent_config& a) {
  auto who = std::make_shared<caller>();
  who->role = caller::kind::agent;
  who->id = a.id.value;
  who->name = a.name;
  who->account = team_tree::role_of(*config, a.id.value).value_or(account_role::agent);
  who->known_in = std::move(config);
  return who;
}

/// Who is not known to the configuration is not named: what stands in that place may be anything,
/// a password too.
void log_failure(std::string_view role, const std::string& known_id, std::string_view why) {
  log::warn("login_failed", {{"role", log::technical{role}},
                             {"account", agent_id{known_id.empty() ? "unknown" : known_id}},
                             {"why", log::technical{why}}});
}

/// A refusal without a check costs whoever guesses nothing, so the log tells of one a second.
/// Thread-safe.
class refusals_of_a_second {
 public:
  bool first(timestamp now) {
    auto told = told_.load();
    return now - told >= millis{1000} && told_.compare_exchange_strong(told, now);
  }

 private:
  std::atomic<timestamp> told_{timestamp{}};
};

}  // namespace

/// What is checked, and for whom.
struct gateway::password_question {
  greeting to;
  std::string id, hash;
};
using owner = connection_owner;

void gateway::hello(const channel::peer_ptr& from, std::uint32_t msgid,
                    const msgpack::object& map) {
  params p(map);
  auto role = p.text("role", 16), id = p.text("id", 128), token = p.text_or_empty("token", 512),
       password = p.text_or_empty("password", 512), device = p.text_or_empty("device_token", 256);
  const greeting g{msgid, p.integer("protocol", 1, 1)};
  if (!password.empty() && role != "agent") p.reject("password", "is for the role agent");
  if (!password.empty() && !token.empty())
    p.reject("password", "expected a token or a password, not both");
  if (!device.empty() && password.empty()) p.reject("device_token", "goes with a password");
  if (!p.ok()) return from->fail(msgid, 0, p.why());
  if (auto* before = from->attached<caller>()) {
    const bool checking = before->role == caller::kind::nobody;
    const auto* what = checking ? "the password is being checked" : "hello was said already";
    return from->fail(msgid, 0, error{errc::failed_precondition, what, {}, {}, 0});
  }
  if (!password.empty())
    return hello_by_password(from, g, id, std::move(password), std::move(device));

  auto config = services_.config();
  auto who = std::make_shared<caller>();
  owner as{owner::kind::channel, id, owner::proof::token, {}};
  bool known = false, exists = false;
  if (role == "channel") {
    auto it = std::ranges::find_if(config->channels, [&](auto& x) { return x.id.value == id; });
    exists = it != config->channels.end();
    if (exists) as.hash = it->token_sha256;
    known = config::token_matches(token, as.hash);
    who->role = caller::kind::channel;
  } else if (role == "agent") {
    const config::agent_config nobody;
    const auto* a = find_account(*config, id);
    exists = a != nullptr;
    as.what = owner::kind::agent;
    as.hash = token_fits(a ? *a : nobody, token, wall_time(services_.clock));
    known = !as.hash.empty();
    if (known) who = as_agent(config, *a);
  } else if (role == "admin") {
    who->role = caller::kind::admin;
    who->account = account_role::console;
    as.what = owner::kind::console;
    if (trusted_) as.by = owner::proof::socket;
    for (auto& t : config->admin_tokens) {
      if (config::token_matches(token, t.token_sha256)) as.hash = t.token_sha256;
    }
    known = trusted_ || !as.hash.empty();
  } else {
    return from->fail(
        msgid, 0,
        error{errc::invalid_argument, "role: expected channel, agent or admin", "role", {}, 0});
  }
  if (!known) {
    log_failure(role, exists ? id : std::string(), "token");
    return turn_away(
        from, msgid,
        error{errc::unauthenticated, "id and token do not belong together", {}, {}, 0});
  }
  const auto user = from->local_user();
  // Over the local socket the system says who it is, whatever the client calls itself.
  who->id = trusted_ && who->role == caller::kind::admin && !user.empty() ? std::string(user) : id;
  let_in(from, who, std::move(as), g);
}

/// Until it is checked the connection is nobody's, and may do as much as before.
void gateway::hello_by_password(const channel::peer_ptr& from, greeting g, const std::string& id,
                                std::string password, std::string device_token) {
  if (!services_.passwords) {
    return turn_away(from, g.msgid,
                     error{errc::unimplemented,
                           "password: there is no log-in by password here",
                           "password",
                           {},
                           0});
  }
  from->attach(std::make_shared<caller>());
  const auto config = services_.config();
  const auto* a = find_account(*config, id);
  password_question what{g, id, a ? a->password_hash : std::string()};
  password::password_attempt attempt{id, std::string(from->remote_address()),
                                     std::move(device_token), std::move(password), what.hash};
  services_.passwords->check(std::move(attempt), services_.clock.now(),
                             [this, from, what = std::move(what)](auto verdict, millis wait) {
                               from->post([this, from, what, verdict, wait] {
                                 password_checked(from, what, static_cast<int>(verdict), wait);
                               });
                             });
}

void gateway::password_checked(const channel::peer_ptr& from, const password_question& what,
                               int verdict, millis wait) {
  using outcome = password::password_verifier::verdict;
  // Gone meanwhile: whoever is told of a line must be told of its end, which has been by now.
  if (!from->open()) return;
  const auto said = static_cast<outcome>(verdict);
  if (said == outcome::too_often || said == outcome::too_busy) {
    const bool often = said == outcome::too_often;
    const auto exists = find_account(*services_.config(), what.id) != nullptr;
    static refusals_of_a_second refused;
    if (refused.first(services_.clock.now()))
      log_failure("agent", exists ? what.id : std::string(), often ? "too_often" : "too_busy");
    return turn_away(from, what.to.msgid,
                     error{errc::resource_exhausted,
                           often ? "password: tried too often; try again later"
                                 : "password: too many log in at the moment",
                           "password", "retry_after_ms", often ? wait.count() : 1'000});
  }
  auto config = services_.config();
  const auto* a = find_account(*config, what.id);
  // What was right a moment ago counts only while it still is.
  if (said != outcome::right || !a || a->password_hash != what.hash) {
    log_failure("agent", a ? what.id : std::string(), "password");
    return turn_away(
        from, what.to.msgid,
        error{errc::unauthenticated, "id and password do not belong together", {}, {}, 0});
  }
  let_in(from, as_agent(config, *a),
         {owner::kind::agent, what.id, owner::proof::password, what.hash}, what.to);
}

void gateway::turn_away(const channel::peer_ptr& from, std::uint32_t msgid, const error& why) {
  from->fail(msgid, 0, why);
  from->close_after_flush(channel::close_reason::by_service);
}

void gateway::let_in(const channel::peer_ptr& from, const std::shared_ptr<caller>& who,
                     connection_owner as, greeting g) {
  services_.connections.add(from, as);
  // What let it in may have been taken away since it was looked at.
  if (!services_.connections.still_good(from->id(), *services_.config(),
                                        wall_time(services_.clock))) {
    return turn_away(
        from, g.msgid,
        error{errc::unauthenticated, "id and token do not belong together any more", {}, {}, 0});
  }
  from->attach(who);
  // An admin's id is what they call themselves.
  const bool admin = who->role == caller::kind::admin;
  from->authenticated(
      0, admin ? "admin" : (who->role == caller::kind::agent ? "agent:" : "channel:") + who->id);
  if (who->role == caller::kind::agent) {
    if (auto agent = services_.directory.find_agent(agent_id{who->id}))
      caf::anon_send(agent, agent_connection{from, true});
  }
  packer a;
  a.map(as.by == owner::proof::password ? 6 : 4);
  field(a, "node", services_.node);
  field(a, "protocol", g.protocol);
  field(a, "time", wall_time(services_.clock));
  a.str("limits").map(3);
  auto allowed = from->allowed();
  field(a, "message_bytes", static_cast<std::int64_t>(allowed.message_bytes));
  field(a, "depth", static_cast<std::int64_t>(allowed.depth));
  field(a, "window", static_cast<std::int64_t>(allowed.window));
  if (as.by == owner::proof::password) pack_device_token(a, as);
  from->reply(g.msgid, 0, a.take());
}

/// Whoever shows it at the next log-in is not shut out by others who guess.
void gateway::pack_device_token(packer& p, const connection_owner& of) const {
  const auto ends = wall_time(services_.clock) + password::device_token_lasts;
  field(p, "device_token", password::device_token(of.id, of.hash, ends));
  field(p, "device_token_until", ends);
}

}  // namespace switchboard
