#include "tools/demo/demo_channel.hpp"

namespace switchboard::demo {

demo_channel::demo_channel(demo_stage& stage, std::string channel, client::connection_options where,
                           std::string token)
    : stage_(stage),
      channel_(std::move(channel)),
      reader_("channel " + channel_),
      line_(stage.io(), std::move(where), {"channel", channel_, std::move(token)}) {}

void demo_channel::start(std::function<void(const error*)> done,
                         std::function<void(const error&)> lost) {
  line_.start([this](std::string_view method, const json& params) { on_push(method, params); },
              std::move(lost),
              [done = std::move(done)](const result<json>& hello) {
                done(hello ? nullptr : &hello.error());
              });
}

void demo_channel::call(conversation& c, const char* method, json params,
                        std::function<void(const json&)> done) {
  line_.call(method, params, [this, &c, method, done = std::move(done)](const result<json>& how) {
    if (c.over()) return;
    if (!how) return stage_.fail(c, std::string(method) + ": " + client::text_of(how.error()));
    done(*how);
  });
}

void demo_channel::open(conversation& c) {
  c.phase = phase::opening;
  c.begun = c.waiting_since = steady::now();
  c.busy = true;
  auto request = c.script->request;
  request["request_id"] = c.request_id;
  request["message"] = {{"client_msg_id", message_key(false, 0)},
                        {"type", "text"},
                        {"body", {{"text", c.script->turns.front().text}}}};
  call(c, "session.open", std::move(request), [this, &c](const json& answer) {
    auto id = answer.value("session_id", std::string());
    if (id.empty()) return stage_.fail(c, "session.open: answered without a session");
    look_at(c, id);
  });
}

// A customer who still has a session of an earlier run is given that one: its request stands in it
// as `requested`. It is closed, and another opened.
void demo_channel::look_at(conversation& c, const std::string& id) {
  call(c, "session.events", {{"session_id", id}, {"after", 0}}, [this, &c, id](const json& page) {
    for (auto& item : page.value("events", json::array())) {
      if (read_event(item).type == "requested") return start_over(c, id);
    }
    begin(c, id);
  });
}

void demo_channel::start_over(conversation& c, const std::string& old) {
  c.request_id += "+";
  call(c, "session.close", {{"session_id", old}, {"reason", "left over from an earlier run"}},
       [this, &c](const json&) { open(c); });
}

void demo_channel::begin(conversation& c, const std::string& id) {
  stage_.opened(c, id);
  auto first = book_key(false, message_key(false, 0));
  stage_.book().sent(id, first);
  stage_.book().acknowledged(id, first);
  stage_.counts().opened += 1;
  stage_.counts().customer_messages += 1;
  c.phase = phase::waiting;
  c.next_turn = 1;
  c.busy = false;
  subscribe(c);
  stage_.on_progress(c);
}

void demo_channel::subscribe(conversation& c) {
  call(c, "session.subscribe", {{"session_id", c.session_id}, {"after", 0}}, [](const json&) {});
}

void demo_channel::speak(conversation& c, std::size_t turn) {
  auto key = message_key(false, turn);
  auto& text = c.script->turns[turn].text;
  stage_.book().sent(c.session_id, book_key(false, key));
  json params{{"session_id", c.session_id},
              {"client_msg_id", key},
              {"type", "text"},
              {"body", {{"text", text}}}};
  call(c, "session.send", std::move(params), [this, &c, key](const json&) {
    stage_.book().acknowledged(c.session_id, book_key(false, key));
    stage_.counts().customer_messages += 1;
    c.next_turn += 1;
    c.busy = false;
    stage_.on_progress(c);
  });
}

void demo_channel::close(conversation& c) {
  call(c, "session.close", {{"session_id", c.session_id}, {"reason", "answered"}},
       [this, &c](const json&) { stage_.on_progress(c); });
}

void demo_channel::rate(conversation& c) {
  json params{{"session_id", c.session_id}, {"score", *c.script->rating}};
  call(c, "session.rate", std::move(params), [this, &c](const json&) {
    stage_.counts().ratings += 1;
    c.rated = true;
    c.busy = false;
    stage_.on_progress(c);
  });
}

void demo_channel::check(conversation& c) {
  fetch(c, 0, std::make_shared<std::vector<seen_event>>());
}

void demo_channel::fetch(conversation& c, std::uint64_t after,
                         std::shared_ptr<std::vector<seen_event>> kept) {
  call(c, "session.events", {{"session_id", c.session_id}, {"after", after}},
       [this, &c, after, kept](const json& page) {
         auto last = after;
         for (auto& item : page.value("events", json::array())) {
           kept->push_back(read_event(item).seen());
           last = std::max(last, kept->back().seq);
         }
         if (page.value("more", false) && last > after) return fetch(c, last, kept);
         auto& agent = c.served_by.empty() ? c.agent : c.served_by.back();
         stage_.book().settle(c.session_id, reader_, "agent " + agent, *kept);
         c.phase = phase::done;
         stage_.on_progress(c);
       });
}

void demo_channel::on_push(std::string_view method, const json& params) {
  if (method != "session.event") return;
  auto e = read_event(params);
  auto* c = stage_.find(e.session);
  if (!c || c->over()) return;
  if (e.seq > 0) stage_.book().pushed(reader_, e.seen());
  on_event(*c, e);
}

void demo_channel::on_event(conversation& c, const pushed_event& e) {
  if (e.type == "opened") {
    c.opened_ms = e.at_ms;
  } else if (e.type == "queued") {
    c.group = e.body.value("group", std::string());
  } else if (e.type == "offered") {
    c.phase = phase::offered;
    c.agent = e.id_at("agent");
    c.group = e.body.value("group", std::string());
  } else if (e.type == "assigned") {
    on_assigned(c, e);
  } else if (e.type == "transferred" || e.type == "left") {
    c.phase = phase::waiting;
    c.waiting_since = steady::now();
    c.agent.clear();
  } else if (e.type == "message") {
    return on_message(c, e);
  } else if (e.type == "closed") {
    auto outcome = e.body.value("outcome", std::string());
    if (outcome != "closed")
      return stage_.fail(c, "ended as " + outcome + ": " + e.body.value("reason", std::string()));
    stage_.counts().closed += 1;
    c.phase = phase::closed;
  }
  stage_.on_progress(c);
}

void demo_channel::on_assigned(conversation& c, const pushed_event& e) {
  auto& counts = stage_.counts();
  if (c.served_by.empty()) {
    counts.assigned += 1;
    counts.longest_wait_ms = std::max(counts.longest_wait_ms, e.at_ms - c.opened_ms);
  } else {
    counts.assigned_again += 1;
  }
  c.phase = phase::active;
  c.agent = e.id_at("agent");
  c.group = e.body.value("group", std::string());
  c.served_by.push_back(c.agent);
  c.handing_on = false;
  stage_.say("→ " + c.script->customer_name + " is served by " + stage_.agent_name(c.agent) + " (" +
             stage_.group_name(c.group) + ")");
}

void demo_channel::on_message(conversation& c, const pushed_event& e) {
  auto sender = e.sender();
  if (sender == "system") stage_.counts().automatic_messages += 1;
  if (sender == "agent") {
    stage_.say(stage_.agent_name(c.agent) + " to " + c.script->customer_name + ": " + e.text());
    // What was said by mistake is no turn: it will be taken back.
    if (auto turn = e.turn()) {
      c.heard.insert(*turn);
      line_.call("session.read", {{"session_id", c.session_id}, {"message_seq", e.seq}},
                 [](const result<json>&) {});
    }
  } else if (sender == "customer") {
    stage_.say(c.script->customer_name + ": " + e.text());
  }
  stage_.on_progress(c);
}

}  // namespace switchboard::demo
