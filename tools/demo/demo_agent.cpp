#include "tools/demo/demo_agent.hpp"

namespace switchboard::demo {
namespace {

constexpr double decline_chance = 0.15;
constexpr int decide_ms = 1200;
constexpr int unknown_patience_ms = 3000;

}  // namespace

demo_agent::demo_agent(demo_stage& stage, const cast_agent& who,
                           client::connection_options where, std::string token)
    : x_stage(stage),
      x_who(who),
      x_reader("agent " + who.id),
      x_line(stage.io(), std::move(where), {"agent", who.id, std::move(token)}) {
  stage.on_opened.push_back([this](conversation& c) {
    auto node = x_unknown.extract(c.session_id);
    if (node.empty()) return;
    for (auto& e : node.mapped()) play(c, e);
  });
}

void demo_agent::start(std::function<void(const error*)> done,
                         std::function<void(const error&)> lost) {
  x_line.start([this](std::string_view method, const json& params) { on_push(method, params); },
               std::move(lost),
               [this, done = std::move(done)](const result<json>& hello) {
                 if (!hello) return done(&hello.error());
                 arrive(done);
               });
}

void demo_agent::arrive(std::function<void(const error*)> done) {
  x_line.call("agent.snapshot", json::object(), [this](const result<json>& snapshot) {
    if (!snapshot) return;
    for (auto& s : snapshot->value("sessions", json::array())) {
      if (s.is_object()) see_off(s.value("session_id", std::string()));
    }
    for (auto& o : snapshot->value("offers", json::array())) on_offer(o);
  });
  x_line.call("agent.state", {{"state", "online"}},
              [this, done = std::move(done)](const result<json>& how) {
                if (!how) return done(&how.error());
                x_state = "online";
                done(nullptr);
              });
}

void demo_agent::call(conversation& c, const char* method, json params,
                        std::function<void(const json&)> done) {
  x_line.call(method, params, [this, &c, method, done = std::move(done)](const result<json>& how) {
    if (c.over()) return;
    if (!how) {
      return x_stage.fail(c, x_who.id + ": " + method + ": " + client::text_of(how.error()));
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
    x_reading.erase(session);
    auto* c = x_stage.find(session);
    if (c && c->phase == phase::offered && c->agent == x_who.id) c->phase = phase::waiting;
  } else if (method == "agent.state_changed") {
    x_state = params.value("state", x_state);
  }
}

void demo_agent::on_offer(const json& offer) {
  auto id = offer.value("offer_id", std::string());
  auto session = offer.value("session_id", std::string());
  x_reading.insert(session);
  x_stage.book().begin_reading(x_reader, session);
  auto* c = x_stage.find(session);
  bool decline = c && x_stage.random() < decline_chance && x_declined.insert(session).second;
  x_stage.after(decide_ms, [this, id, decline] {
    if (!decline) {
      // Too late, or withdrawn: the session waits for somebody else.
      return x_line.call("agent.accept", {{"offer_id", id}}, [](const result<json>&) {});
    }
    x_line.call("agent.decline", {{"offer_id", id}, {"reason", "on the telephone"}},
                [this](const result<json>& how) {
                  if (how) x_stage.counts().declined += 1;
                });
  });
}

void demo_agent::on_event(const pushed_event& e) {
  if (auto* c = x_stage.find(e.session)) return play(*c, e);
  auto [at, fresh] = x_unknown.try_emplace(e.session);
  at->second.push_back(e);
  if (!fresh) return;
  x_stage.after(unknown_patience_ms, [this, session = e.session] {
    if (x_unknown.erase(session) > 0) see_off(session);
  });
}

void demo_agent::see_off(const std::string& session) {
  x_line.call("session.close",
              {{"session_id", session}, {"reason", "left over from an earlier run"}},
              [](const result<json>&) {});
}

void demo_agent::play(conversation& c, const pushed_event& e) {
  if (c.over()) return;
  bool begins = e.type == "assigned" && e.id_at("agent") == x_who.id;
  if (begins && x_reading.insert(e.session).second)
    x_stage.book().begin_reading(x_reader, e.session);
  if (e.seq > 0) x_stage.book().pushed(x_reader, e.seen());
  if (begins) on_assigned(c);
  if (e.type == "transferred" || e.type == "left") x_reading.erase(e.session);
  if (e.type == "closed") {
    x_reading.erase(e.session);
    c.close_seen_by_agent = true;
    // Ends the wrap-up at once; a group without one says so.
    x_line.call("session.wrap_up", {{"session_id", e.session}, {"disposition", "answered"}},
                [](const result<json>&) {});
  }
  hear(c, e);
  x_stage.on_progress(c);
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
      x_stage.book().fetched(x_reader, e.seen());
      hear(c, e);
      last = std::max(last, e.seq);
    }
    if (page.value("more", false) && last > after) return fetch(c, last);
    x_line.call("session.read", {{"session_id", c.session_id}, {"message_seq", last}},
                [](const result<json>&) {});
    x_stage.on_progress(c);
  });
}

void demo_agent::type(const conversation& c) {
  x_line.notify("session.typing", {{"session_id", c.session_id}});
}

void demo_agent::say(conversation& c, const std::string& key, const std::string& text,
                       std::function<void(std::uint64_t)> done) {
  x_stage.book().sent(c.session_id, book_key(true, key));
  json params{{"session_id", c.session_id},
              {"client_msg_id", key},
              {"type", "text"},
              {"body", {{"text", text}}}};
  call(c, "session.send", std::move(params),
       [this, &c, key, done = std::move(done)](const json& answer) {
         x_stage.book().acknowledged(c.session_id, book_key(true, key));
         x_stage.counts().agent_messages += 1;
         done(answer.value("seq", std::uint64_t{0}));
       });
}

void demo_agent::speak(conversation& c, std::size_t turn) {
  say(c, message_key(true, turn), c.script->turns[turn].text, [this, &c](std::uint64_t) {
    c.next_turn += 1;
    c.busy = false;
    x_stage.on_progress(c);
  });
}

void demo_agent::slip(conversation& c, std::size_t turn) {
  // Another customer's answer, in the wrong window.
  auto& wrong = c.script->turns[turn].text;
  say(c, "slip-" + std::to_string(turn), "@ " + wrong, [this, &c](std::uint64_t seq) {
    x_stage.after(600, [this, &c, seq] {
      json params{{"session_id", c.session_id}, {"message_seq", seq}};
      call(c, "session.recall", std::move(params), [this, &c](const json&) {
        x_stage.counts().recalls += 1;
        x_stage.say(x_who.name + " takes a message back");
        c.busy = false;
        x_stage.on_progress(c);
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
           x_stage.counts().transfers += 1;
           x_stage.say(x_who.name + " hands " + c.script->customer_name + " on to " +
                       to.begin().value().get<std::string>());
           c.busy = false;
           x_stage.on_progress(c);
         });
       });
}

void demo_agent::close(conversation& c) {
  call(c, "session.close", {{"session_id", c.session_id}, {"reason", "answered"}, {"disposition", "answered"}},
       [this, &c](const json&) { x_stage.on_progress(c); });
}

}  // namespace switchboard::demo
