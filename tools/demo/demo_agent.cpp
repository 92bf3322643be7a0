#include "tools/demo/demo_agent.hpp"

namespace switchboard::demo {
namespace {

constexpr double decline_chance = 0.15;
constexpr int decide_ms = 1200;
constexpr int unknown_patience_ms = 3000;

}  // namespace

demo_agent::demo_agent(demo_stage& stage, const cast_agent& who, client::connection_options where,
                       std::string token)
    : stage_(stage),
      who_(who),
      reader_("agent " + who.id),
      line_(stage.io(), std::move(where), {"agent", who.id, std::move(token)}) {
  stage.on_opened.push_back([this](conversation& c) {
    auto node = unknown_.extract(c.session_id);
    if (node.empty()) return;
    for (auto& e : node.mapped()) play(c, e);
  });
}

void demo_agent::start(std::function<void(const error*)> done,
                       std::function<void(const error&)> lost) {
  line_.start([this](std::string_view method, const json& params) { on_push(method, params); },
              std::move(lost),
              [this, done = std::move(done)](const result<json>& hello) {
                if (!hello) return done(&hello.error());
                arrive(done);
              });
}

void demo_agent::arrive(std::function<void(const error*)> done) {
  line_.call("agent.snapshot", json::object(), [this](const result<json>& snapshot) {
    if (!snapshot) return;
    for (auto& s : snapshot->value("sessions", json::array())) {
      if (s.is_object()) see_off(s.value("session_id", std::string()));
    }
    for (auto& o : snapshot->value("offers", json::array())) on_offer(o);
  });
  line_.call("agent.state", {{"state", "online"}},
             [this, done = std::move(done)](const result<json>& how) {
               if (!how) return done(&how.error());
               state_ = "online";
               done(nullptr);
             });
}

void demo_agent::call(conversation& c, const char* method, json params,
                      std::function<void(const json&)> done) {
  line_.call(method, params, [this, &c, method, done = std::move(done)](const result<json>& how) {
    if (c.over()) return;
    if (!how) {
      return stage_.fail(c, who_.id + ": " + method + ": " + client::text_of(how.error()));
    }
    done(*how);
  });
}

void demo_agent::on_push(std::string_view method, const json& params) {
  if (method == "session.event") return on_event(read_event(params));
  if (!params.is_object()) return;
  if (method == "agent.offer") return on_offer(params);
  if (method == "agent.offer_withdrawn") {
    auto session = params.value("session_id", std::string());
    reading_.erase(session);
    auto* c = stage_.find(session);
    if (c && c->phase == phase::offered && c->agent == who_.id) c->phase = phase::waiting;
  } else if (method == "agent.state_changed") {
    state_ = params.value("state", state_);
  }
}

void demo_agent::on_offer(const json& offer) {
  auto id = offer.value("offer_id", std::string());
  auto session = offer.value("session_id", std::string());
  reading_.insert(session);
  stage_.book().begin_reading(reader_, session);
  auto* c = stage_.find(session);
  bool decline = c && stage_.random() < decline_chance && declined_.insert(session).second;
  stage_.after(decide_ms, [this, id, decline] {
    if (!decline) {
      // Too late, or withdrawn: the session waits for somebody else.
      return line_.call("agent.accept", {{"offer_id", id}}, [](const result<json>&) {});
    }
    line_.call("agent.decline", {{"offer_id", id}, {"reason", "on the telephone"}},
               [this](const result<json>& how) {
                 if (how) stage_.counts().declined += 1;
               });
  });
}

void demo_agent::on_event(const pushed_event& e) {
  if (auto* c = stage_.find(e.session)) return play(*c, e);
  auto [at, fresh] = unknown_.try_emplace(e.session);
  at->second.push_back(e);
  if (!fresh) return;
  stage_.after(unknown_patience_ms, [this, session = e.session] {
    if (unknown_.erase(session) > 0) see_off(session);
  });
}

void demo_agent::see_off(const std::string& session) {
  line_.call("session.close",
             {{"session_id", session}, {"reason", "left over from an earlier run"}},
             [](const result<json>&) {});
}

void demo_agent::play(conversation& c, const pushed_event& e) {
  if (c.over()) return;
  bool begins = e.type == "assigned" && e.id_at("agent") == who_.id;
  if (begins && reading_.insert(e.session).second) stage_.book().begin_reading(reader_, e.session);
  if (e.seq > 0) stage_.book().pushed(reader_, e.seen());
  if (begins) on_assigned(c);
  if (e.type == "transferred" || e.type == "left") reading_.erase(e.session);
  if (e.type == "closed") {
    reading_.erase(e.session);
    c.close_seen_by_agent = true;
    // Ends the wrap-up at once; a group without one says so.
    line_.call("session.wrap_up", {{"session_id", e.session}, {"disposition", "answered"}},
               [](const result<json>&) {});
  }
  hear(c, e);
  stage_.on_progress(c);
}

void demo_agent::hear(conversation& c, const pushed_event& e) {
  if (e.sender() != "customer") return;
  if (auto turn = e.turn()) c.heard.insert(*turn);
}

// What was said before: the live events begin with the assignment.
void demo_agent::on_assigned(conversation& c) {
  fetch(c, 0);
}

void demo_agent::fetch(conversation& c, std::uint64_t after) {
  json params{{"session_id", c.session_id}, {"after", after}};
  call(c, "session.events", std::move(params), [this, &c, after](const json& page) {
    auto last = after;
    for (auto& item : page.value("events", json::array())) {
      auto e = read_event(item);
      stage_.book().fetched(reader_, e.seen());
      hear(c, e);
      last = std::max(last, e.seq);
    }
    if (page.value("more", false) && last > after) return fetch(c, last);
    line_.call("session.read", {{"session_id", c.session_id}, {"message_seq", last}},
               [](const result<json>&) {});
    stage_.on_progress(c);
  });
}

void demo_agent::type(const conversation& c) {
  line_.notify("session.typing", {{"session_id", c.session_id}});
}

void demo_agent::say(conversation& c, const std::string& key, const std::string& text,
                     std::function<void(std::uint64_t)> done) {
  stage_.book().sent(c.session_id, book_key(true, key));
  json params{{"session_id", c.session_id},
              {"client_msg_id", key},
              {"type", "text"},
              {"body", {{"text", text}}}};
  call(c, "session.send", std::move(params),
       [this, &c, key, done = std::move(done)](const json& answer) {
         stage_.book().acknowledged(c.session_id, book_key(true, key));
         stage_.counts().agent_messages += 1;
         done(answer.value("seq", std::uint64_t{0}));
       });
}

void demo_agent::speak(conversation& c, std::size_t turn) {
  say(c, message_key(true, turn), c.script->turns[turn].text, [this, &c](std::uint64_t) {
    c.next_turn += 1;
    c.busy = false;
    stage_.on_progress(c);
  });
}

void demo_agent::slip(conversation& c, std::size_t turn) {
  // Another customer's answer, in the wrong window.
  auto& wrong = c.script->turns[turn].text;
  say(c, "slip-" + std::to_string(turn), "@ " + wrong, [this, &c](std::uint64_t seq) {
    stage_.after(600, [this, &c, seq] {
      json params{{"session_id", c.session_id}, {"message_seq", seq}};
      call(c, "session.recall", std::move(params), [this, &c](const json&) {
        stage_.counts().recalls += 1;
        stage_.say(who_.name + " takes a message back");
        c.busy = false;
        stage_.on_progress(c);
      });
    });
  });
}

void demo_agent::transfer(conversation& c, const json& to, const std::string& why) {
  call(c, "session.note", {{"session_id", c.session_id}, {"body", {{"text", why}}}},
       [this, &c, to, why](const json&) {
         json params{{"session_id", c.session_id}, {"to", to}, {"mode", "cold"}, {"note", why}};
         c.handing_on = true;
         call(c, "session.transfer", std::move(params), [this, &c, to](const json&) {
           stage_.counts().transfers += 1;
           stage_.say(who_.name + " hands " + c.script->customer_name + " on to " +
                      to.begin().value().get<std::string>());
           c.busy = false;
           stage_.on_progress(c);
         });
       });
}

void demo_agent::close(conversation& c) {
  call(c, "session.close",
       {{"session_id", c.session_id}, {"reason", "answered"}, {"disposition", "answered"}},
       [this, &c](const json&) { stage_.on_progress(c); });
}

}  // namespace switchboard::demo
