#include "tools/simulation/message_body.hpp"
#include "tools/simulation/simulated_people.hpp"
#include "tools/simulation/wire_map.hpp"

namespace switchboard::simulation {

simulated_customer::simulated_customer(simulated_node& node, people_record& book,
                                       const workload_profile& t, std::string channel,
                                       std::string name, channel_customer known)
    : node_(node),
      book_(book),
      profile_(t),
      channel_(std::move(channel)),
      name_(std::move(name)),
      known_(std::move(known)) {
  next_turn_ = node_.now() + millis{node_.luck().between(1, 2 * profile_.turn.count())};
  connect();
}

void simulated_customer::connect() {
  ++life_;
  out_ = node_.connect([this, life = life_](const line::arrival& a) {
    if (life == life_) receive(a);
  });
  subscribed_ = false;
}

void simulated_customer::server_restarted() {
  connect();
  auto open = std::exchange(pending_, {});
  for (auto& [msgid, p] : open) {
    if (p.what != pending::kind::subscribe && node_.luck().percent(90)) issue(std::move(p));
  }
  if (session_ && !over_) subscribe();
}

consultation_request simulated_customer::request(const std::string& key,
                                                 const std::string& intent) {
  consultation_request r;
  r.request_id = key;
  r.channel = channel_;
  r.customer = known_;
  r.customer.id = name_;
  r.customer.name = name_;
  const bool known_otherwise =
      !known_.phone.empty() || !known_.email.empty() || !known_.union_id.empty();
  auto h = fnv1a(name_);
  if (h % 3 != 0 && !known_otherwise) r.customer.member_id = "m" + std::to_string(h % 100);
  r.intent = intent;
  r.message = message_content{"first-" + key, "text", text_body("hello " + key)};
  return r;
}

void simulated_customer::open(const std::string& intent) {
  pending p;
  p.key = name_ + "-r" + std::to_string(next_key_++);
  p.opening.request = request(p.key, intent);
  last_open_ = p.opening;
  issue(std::move(p));
}

void simulated_customer::repeat_last_open() {
  if (!out_->open()) connect();
  pending p;
  p.key = last_open_->request.request_id;
  p.opening = *last_open_;
  issue(std::move(p));
}

void simulated_customer::issue(pending p) {
  if (p.first == timestamp{}) p.first = node_.now();
  auto msgid = next_msgid_++;
  switch (p.what) {
    case pending::kind::open: {
      auto m = p.opening;
      m.reply = {out_, msgid};
      node_.open(std::move(m));
      break;
    }
    case pending::kind::send: {
      send_message m;
      m.session = p.session;
      m.from = {"customer", channel_, {}};
      m.content = {p.key, "text", text_body(p.text)};
      m.reply = {out_, msgid};
      node_.to_session(std::move(m));
      break;
    }
    case pending::kind::close:
      return call(session_method::close, std::move(p));
    case pending::kind::rate:
      return call(session_method::rate, std::move(p), 4);
    case pending::kind::subscribe:
      return call(session_method::subscribe, std::move(p), cursors_[p.session].last);
  }
  pending_.emplace(msgid, std::move(p));
}

void simulated_customer::call(session_method method, pending p, std::uint64_t number) {
  auto msgid = next_msgid_++;
  session_call m;
  m.method = method;
  m.session = p.session;
  m.by = {"customer", channel_, {}};
  m.op_id = p.key;
  m.number = number;
  m.reply = {out_, msgid};
  node_.to_session(std::move(m));
  pending_.emplace(msgid, std::move(p));
}

void simulated_customer::write() {
  pending p;
  p.what = pending::kind::send;
  p.session = *session_;
  p.key = name_ + "-m" + std::to_string(next_key_++);
  p.text = "text of " + p.key;
  issue(std::move(p));
}

void simulated_customer::close() {
  pending p;
  p.what = pending::kind::close;
  p.session = *session_;
  p.key = "close" + std::to_string(next_key_++);
  issue(std::move(p));
}

void simulated_customer::subscribe() {
  subscribed_ = true;
  auto& c = cursors_[*session_];
  c.reader = "customer " + name_;
  c.session = *session_;
  pending p;
  p.what = pending::kind::subscribe;
  p.session = *session_;
  issue(std::move(p));
}

void simulated_customer::take_turn() {
  auto& luck = node_.luck();
  next_turn_ = node_.now() + millis{luck.between(1, 2 * profile_.turn.count())};
  static const std::vector<std::string> intents{"", "", "vip", "refund", "overflow"};
  if (luck.percent(profile_.line_loss)) {
    out_->drop();
    // What was under way may have been done or not: it is asked for again on the new line.
    return server_restarted();
  }
  forget_old_calls();
  if (!done_.empty() && luck.percent(profile_.repeat)) {
    auto again = luck.of(done_);
    again.again = again.what != pending::kind::close;  // what frees is not refused for want of room
    if (again.what != pending::kind::open || !session_ || again.session == *session_)
      return issue(std::move(again));
  }
  if (luck.percent(profile_.repeat_otherwise) && repeat_otherwise()) return;
  if (!session_ || over_) {
    if (session_ && luck.percent(20)) {
      pending p;
      p.what = pending::kind::rate;
      p.session = *session_;
      p.key = "rate" + std::to_string(next_key_++);
      issue(std::move(p));
    }
    return open(luck.of(intents));
  }
  if (!subscribed_) return subscribe();
  if (luck.percent(profile_.rage_quit)) return close();
  if (luck.percent(5)) return open(luck.of(intents));
  write();
}

void simulated_customer::receive(const line::arrival& a) {
  if (a.what == line::arrival::kind::notification) return shown(a);
  auto it = pending_.find(a.msgid);
  if (it == pending_.end()) return;
  auto p = std::move(it->second);
  pending_.erase(it);
  if (a.what == line::arrival::kind::failure) {
    book_.refused += 1;
    if (p.again && is_want_of_room(a.why))
      node_.found().breach("I5", "what was answered is refused when it is said again: " + p.key);
    if (p.what == pending::kind::send && a.why.code == errc::failed_precondition &&
        session_ == p.session)
      over_ = true;
    return;
  }
  answered(p, a);
}

void simulated_customer::answered(const pending& p, const line::arrival& a) {
  if (p.altered) return book_.acknowledged.taken_for_another(p.session, p.key);
  wire_map m(a.packed);
  auto seq = static_cast<std::uint64_t>(m.number("seq"));
  auto kept = p;
  kept.again = false;
  switch (p.what) {
    case pending::kind::open: {
      auto id = session_id::parse(m.text("session_id"));
      if (!id) return;
      book_.acknowledged.opened(channel_, name_, p.key, *id);
      state_ = m.text("state");
      if (session_ != id) subscribed_ = over_ = false;
      if (state_ == "closed" || state_ == "abandoned" || state_ == "left_message") over_ = true;
      session_ = id;
      kept.session = *id;
      break;
    }
    case pending::kind::send:
      book_.acknowledged.message_sent(p.session, seq, p.key);
      break;
    case pending::kind::close:
      if (session_ == p.session) over_ = true;
      book_.acknowledged.happened(p.session, seq, "a close");
      break;
    case pending::kind::rate:
      book_.acknowledged.happened(p.session, seq, "a rating");
      break;
    case pending::kind::subscribe:
      return;
  }
  if (done_.size() < 6)
    done_.push_back(std::move(kept));
  else
    done_[node_.luck().below(done_.size())] = std::move(kept);
}

void simulated_customer::shown(const line::arrival& a) {
  auto m = wire_map::of_notification(a.packed);
  if (m.method() != "session.event") return;
  auto id = session_id::parse(m.text("session_id"));
  auto seq = static_cast<std::uint64_t>(m.number("seq"));
  if (!id || seq == 0) return;
  auto& c = cursors_[*id];
  auto type = m.text("type");
  book_.deliveries.shown(c, seq, static_cast<std::uint64_t>(m.number("prev")), type,
                         static_cast<std::uint64_t>(m.number("message", "message_seq")));
  if (type == "closed" && session_ == id) over_ = true;
}

}  // namespace switchboard::simulation
