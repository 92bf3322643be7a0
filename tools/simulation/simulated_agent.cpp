#include <algorithm>

#include "actors/access/team_tree.hpp"
#include "runtime/codec/pack.hpp"
#include "tools/simulation/simulated_people.hpp"
#include "tools/simulation/wire_map.hpp"

namespace switchboard::simulation {

simulated_agent::simulated_agent(simulated_node& node, people_record& book,
                                 const workload_profile& t, const config::agent_config& who)
    : node_(node), book_(book), profile_(t), who_(who) {
  next_turn_ = node_.now() + millis{node_.luck().between(1, 2 * profile_.turn.count())};
}

void simulated_agent::connect() {
  auto life = ++life_;
  offers_.clear();
  pending_.clear();
  cursors_.clear();
  serving_.clear();
  joined_.clear();
  ended_.clear();
  assigned_at_.clear();
  has_snapshot_ = false;
  out_ = node_.connect([this, life](const line::arrival& a) { receive(life, a); });
  node_.to_agent(who_.id, agent_connection{out_, true});
  // What it serves and is offered, as the server sees it.
  agent_call m;
  m.agent = who_.id;
  m.reply = answer_to("snapshot");
  node_.to_agent(who_.id, std::move(m));
}

void simulated_agent::log_in() {
  if (!out_ || !out_->open()) connect();
  set_state("online");
}

void simulated_agent::lose_line() {
  if (!out_) return;
  out_->drop();
  node_.to_agent(who_.id, agent_connection{out_, false});
  out_.reset();
  ++life_;
  offers_.clear();
}

void simulated_agent::server_restarted() {
  bool was = out_ != nullptr;
  out_.reset();
  ++life_;
  offers_.clear();
  if (was && node_.luck().percent(80)) connect();
}

reply_to simulated_agent::answer_to(const std::string& method) {
  auto msgid = next_msgid_++;
  pending_[msgid] = method;
  return {out_, msgid};
}

void simulated_agent::set_state(const std::string& state) {
  agent_call m;
  m.method = agent_method::set_state;
  m.agent = who_.id;
  m.state = state;
  m.reply = answer_to("state");
  node_.to_agent(who_.id, std::move(m));
}

void simulated_agent::answer(const offer_id& offer, bool accept) {
  agent_call m;
  m.method = accept ? agent_method::accept : agent_method::decline;
  m.agent = who_.id;
  m.offer = offer;
  m.reply = answer_to(accept ? "accept" : "decline");
  node_.to_agent(who_.id, std::move(m));
}

session_call simulated_agent::call_on(const session_id& s, session_method method) {
  session_call m;
  m.method = method;
  m.session = s;
  m.by = self();
  m.op_id = who_.id.value + "-" + std::to_string(++messages_) + "-" + std::to_string(life_);
  return m;
}

void simulated_agent::ask(session_call m, const std::string& pending) {
  m.reply = answer_to(pending);
  node_.to_session(std::move(m));
}

void simulated_agent::close(const session_id& s) {
  ask(call_on(s, session_method::close), "close");
}

void simulated_agent::transfer(const session_id& s, const std::string& to_group,
                               const std::string& to_agent, const std::string& mode) {
  auto m = call_on(s, session_method::transfer);
  m.mode = mode;
  m.to_group = to_group;
  m.to_agent = to_agent;
  m.by_rules = to_group.empty() && to_agent.empty();
  ask(std::move(m), "transfer " + s.text());
}

void simulated_agent::snooze(const session_id& s, millis length) {
  auto m = call_on(s, session_method::snooze);
  m.number = static_cast<std::uint64_t>(unix_ms(node_.wall() + length));
  ask(std::move(m), "snooze");
}

void simulated_agent::take_turn() {
  auto& luck = node_.luck();
  next_turn_ = node_.now() + millis{luck.between(1, 2 * profile_.turn.count())};
  if (out_ && !out_->open()) lose_line();
  if (!out_) {
    if (luck.percent(50)) log_in();
    return;
  }
  if (luck.percent(profile_.line_loss)) return lose_line();
  if (luck.percent(profile_.presence)) {
    static const std::vector<std::string> states{"online", "online", "online",   "online",
                                                 "away",   "busy",   "draining", "offline"};
    set_state(luck.of(states));
  }
  if (!offers_.empty() && !ignores_offers) {
    auto offer = luck.of(offers_);
    if (luck.percent(60)) answer(offer, luck.percent(80));
    // Twice, as two windows of one agent would.
    if (luck.percent(10)) answer(offer, luck.percent(50));
  }
  if (!transfers_.empty() && luck.percent(profile_.settle)) settle_transfer();
  if (!joined_.empty() && luck.percent(profile_.settle))
    ask(call_on(luck.of(joined_), session_method::leave), "leave");
  if (luck.percent(profile_.claim)) claim_one();
  if (luck.percent(profile_.watch)) watch_one();
  if (!serving_.empty()) work_on(luck.of(serving_));
}

/// Completed or cancelled, and now and then once more though it is over.
void simulated_agent::settle_transfer() {
  auto& luck = node_.luck();
  auto at = transfers_.begin() + static_cast<std::ptrdiff_t>(luck.below(transfers_.size()));
  auto m = call_on(at->first, luck.percent(60) ? session_method::transfer_complete
                                               : session_method::transfer_cancel);
  m.text = at->second;
  if (luck.percent(80)) transfers_.erase(at);
  ask(std::move(m), "settle");
}

void simulated_agent::claim_one() {
  std::vector<session_id> waiting;
  for (auto& [id, page] : node_.truth().sessions()) {
    if (page.state.phase == session_phase::waiting) waiting.push_back(id);
  }
  if (!waiting.empty()) ask(call_on(node_.luck().of(waiting), session_method::claim), "claim");
}

/// A session of somebody else, whether it is led or not.
void simulated_agent::watch_one() {
  auto& luck = node_.luck();
  std::vector<session_id> served;
  for (auto& [id, page] : node_.truth().sessions()) {
    if (page.state.serving) served.push_back(id);
  }
  if (served.empty()) return;
  static const std::vector<session_method> ways{session_method::monitor, session_method::monitor,
                                                session_method::barge};
  auto m = call_on(luck.of(served), luck.of(ways));
  m.account =
      team_tree::role_of(node_.truth().config(), who_.id.value).value_or(account_role::agent);
  ask(std::move(m), "watch");
}

/// What concerns others, too.
void simulated_agent::among_participants(const session_id& s) {
  auto& luck = node_.luck();
  auto& c = node_.config();
  switch (luck.below(6)) {
    case 0:
      return snooze(s, millis{luck.between(500, 40'000)});
    case 1:
      return ask(call_on(s, session_method::wake), "wake");
    case 2: {
      if (said_.empty()) return;
      auto& [where, seq] = luck.of(said_);
      auto m = call_on(where, session_method::recall);
      m.number = seq;
      return ask(std::move(m), "recall");
    }
    default: {
      static const std::vector<std::string> modes{"warm", "consult", "conference"};
      bool by_name = luck.percent(50);
      return transfer(s, by_name ? "" : luck.of(c.groups).id.value,
                      by_name ? luck.of(c.agents).id.value : "", luck.of(modes));
    }
  }
}

void simulated_agent::work_on(const session_id& s) {
  auto& luck = node_.luck();
  if (luck.percent(profile_.finish)) {
    close(s);
    if (luck.percent(30)) {
      auto m = call_on(s, session_method::wrap_up);
      m.text = "done";
      ask(std::move(m), "wrap_up");
    }
    return;
  }
  if (luck.percent(profile_.hand_on)) {
    auto& c = node_.config();
    auto how = luck.below(3);
    return transfer(s, how == 0 ? luck.of(c.groups).id.value : "",
                    how == 1 ? luck.of(c.agents).id.value : "");
  }
  if (luck.percent(profile_.participants)) return among_participants(s);
  codec::packer p;
  field(p.map(1), "text", "from " + who_.id.value);
  auto key = who_.id.value + "-m" + std::to_string(++messages_) + "-" + std::to_string(life_);
  send_message m;
  m.session = s;
  m.from = self();
  m.content = {key, "text", {p.take()}};
  m.reply = answer_to("send " + s.text() + " " + key);
  node_.to_session(std::move(m));
}

void simulated_agent::receive(std::uint64_t life, const line::arrival& a) {
  if (life != life_) return;
  if (a.what == line::arrival::kind::notification) return shown(life, a);
  auto it = pending_.find(a.msgid);
  if (it == pending_.end()) return;
  auto method = std::exchange(it->second, {});
  pending_.erase(it);
  bool ok = a.what == line::arrival::kind::reply;
  ++answers[method.substr(0, method.find(' ')) +
            (ok ? " ok" : " " + std::string(to_string(a.why.code)))];
  if (!ok) {
    book_.refused += 1;
    return;
  }
  if (method == "snapshot") take_snapshot(a.packed);
  if (method.starts_with("send ")) {
    auto session = session_id::parse(method.substr(5, 29));
    auto seq = static_cast<std::uint64_t>(wire_map(a.packed).number("seq"));
    if (session) {
      book_.acknowledged.message_sent(*session, seq, method.substr(35));
      said_.emplace_back(*session, seq);
    }
  }
  if (method.starts_with("transfer ")) {
    transfers_.emplace_back(*session_id::parse(method.substr(9)),
                            wire_map(a.packed).text("transfer_id"));
  }
}

/// What sessions say comes by another way than what the agent says, and is newer where it was
/// first.
void simulated_agent::take_snapshot(std::string_view packed) {
  auto standing = read_standing(who_.id, packed);
  has_snapshot_ = true;
  state_ = standing.state;
  for (auto& text : standing.sessions) {
    auto id = *session_id::parse(text);
    if (!ended_.contains(id) && std::ranges::find(serving_, id) == serving_.end())
      serving_.push_back(id);
  }
  joined_.clear();
  for (auto& text : standing.joined) joined_.push_back(*session_id::parse(text));
  offers_.clear();
  for (std::size_t i = 0; i < standing.offer_ids.size(); ++i) {
    auto session = *session_id::parse(standing.offers[i]);
    if (std::ranges::find(serving_, session) == serving_.end())
      offers_.push_back(offer_id{standing.offer_ids[i]});
  }
}

void simulated_agent::shown(std::uint64_t life, const line::arrival& a) {
  auto m = wire_map::of_notification(a.packed);
  if (m.method() == "agent.offer") offers_.push_back(offer_id{m.text("offer_id")});
  if (m.method() == "agent.offer_withdrawn") std::erase(offers_, offer_id{m.text("offer_id")});
  if (m.method() == "agent.state_changed") {
    state_ = m.text("state");
    if (auto id = session_id::parse(m.text({"ended", "session_id"}))) {
      ended(*id, static_cast<std::uint64_t>(m.number("ended", "seq")));
    }
  }
  if (m.method() == "agent.session" && m.text("as") != "owner") {
    // What a guest may have no other word of: it need not read the session yet.
    auto id = *session_id::parse(m.text("session_id"));
    std::erase(joined_, id);
    if (m.text("change") == "began") joined_.push_back(id);
  }
  if (m.method() == "session.event") take_event(life, m);
}

void simulated_agent::take_event(std::uint64_t life, const wire_map& m) {
  auto id = session_id::parse(m.text("session_id"));
  auto seq = static_cast<std::uint64_t>(m.number("seq"));
  if (!id || seq == 0) return;
  auto type = m.text("type");
  auto& c = cursors_[*id];
  bool mine = std::ranges::find(serving_, *id) != serving_.end();
  if (c.reader.empty() || !mine) {
    // Begins to read, or comes back after others served it.
    c = {"agent " + who_.id.value + " (line " + std::to_string(life) + ")", *id,
         c.reader.empty() ? 0 : c.last, true};
  }
  book_.deliveries.shown(c, seq, static_cast<std::uint64_t>(m.number("prev")), type,
                         static_cast<std::uint64_t>(m.number("message", "message_seq")));
  if (type == "assigned" && m.text({"assigned", "agent", "id"}) == who_.id.value) {
    if (!mine) serving_.push_back(*id);
    ended_.erase(*id);
    assigned_at_[*id] = seq;
    std::erase(joined_, *id);
    std::erase_if(offers_, [&](auto& o) { return session_of(o.value) == *id; });
  } else if (type == "joined" && m.text({"joined", "who", "id"}) == who_.id.value) {
    if (std::ranges::find(joined_, *id) == joined_.end()) joined_.push_back(*id);
    std::erase_if(offers_, [&](auto& o) { return session_of(o.value) == *id; });
  } else if (type == "left" && m.text({"left", "who", "id"}) != who_.id.value) {
    // Somebody else, who had joined.
  } else if (type == "assigned" || type == "closed" || type == "transferred" || type == "left") {
    // Another owner ends no guest's presence: who takes part in a conference stays when it is
    // handed over.
    if (type == "closed" || type == "left") std::erase(joined_, *id);
    ended(*id, seq);
  }
}

/// A service that began before `seq` is over.
void simulated_agent::ended(const session_id& id, std::uint64_t seq) {
  if (auto at = assigned_at_.find(id); at != assigned_at_.end() && at->second > seq) return;
  std::erase(serving_, id);
  ended_.insert(id);
}

void simulated_agent::subscribe(const session_id& s) {
  auto m = call_on(s, session_method::subscribe);
  m.op_id.clear();
  auto c = cursors_.find(s);
  m.number = c == cursors_.end() ? 0 : c->second.last;
  m.reply = answer_to("subscribe");
  node_.to_session(std::move(m));
}

void simulated_agent::compare(const agent_standing& server, verdict& found) const {
  if (!out_ || !out_->open() || !has_snapshot_) return;
  auto wrong = [&](const std::string& what) {
    found.breach("I5", "the client of agent " + who_.id.value + " " + what);
  };
  if (state_ != server.state) wrong("shows " + state_ + ", the server has " + server.state);
  std::set<std::string> serving, offers,
      should_offer(server.offer_ids.begin(), server.offer_ids.end());
  for (auto& s : serving_) serving.insert(s.text());
  for (auto& o : offers_) offers.insert(o.value);
  for (auto& s : server.sessions) {
    if (serving.erase(s) == 0) wrong("does not show " + s + ", which it serves");
  }
  for (auto& s : serving) wrong("shows " + s + ", which it does not serve");
  std::set<std::string> joined;
  for (auto& s : joined_) joined.insert(s.text());
  if (joined != std::set<std::string>(server.joined.begin(), server.joined.end())) {
    wrong("shows " + std::to_string(joined.size()) + " sessions of others, the server has " +
          std::to_string(server.joined.size()));
  }
  if (offers != should_offer) {
    wrong("shows " + std::to_string(offers.size()) + " offers, the server has " +
          std::to_string(should_offer.size()));
  }
}

}  // namespace switchboard::simulation
