#include "tools/demo/demo_director.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::demo {
namespace {

// Milliseconds of the demo's time, before pace and unevenness.
constexpr int between_customers = 320;
constexpr int between_customers_in_a_rush = 40;
constexpr int customer_thinks = 650;
constexpr int agent_thinks = 750;
constexpr int part_after = 500;
constexpr int rate_after = 500;

// Where in the run customers come in a rush.
bool rush(std::size_t visit, std::size_t visits) {
  return visit >= visits / 3 && visit < visits / 3 + 24;
}

}  // namespace

demo_director::demo_director(demo_stage& stage, director_options options)
    : stage_(stage), options_(std::move(options)) {
  stage.on_progress = [this](conversation& c) { advance(c); };
  cast();
}

demo_director::~demo_director() = default;

// Who hands a customer on, who makes a slip: by place in the script, so that every run has some.
void demo_director::cast() {
  auto& all = stage_.conversations();
  for (auto& v : stage_.script().visits) {
    auto& c = all.emplace_back();
    c.script = &v;
    c.request_id = v.request_id + '-' + options_.run_id;
    auto n = c.number = all.size() - 1;
    auto answers = std::ranges::count_if(v.turns, &turn::by_agent);
    auto last = std::ranges::find_if(v.turns.rbegin(), v.turns.rend(), &turn::by_agent);
    auto last_answer = static_cast<std::size_t>(v.turns.rend() - last) - 1;
    if (n % 11 == 5 && answers >= 2) {
      c.transfer_at = last_answer;
    } else if (n % 9 == 3 && answers >= 1) {
      c.slip_at = last_answer;
    }
  }
}

void demo_director::start(std::function<void(std::string)> finished) {
  finished_ = std::move(finished);
  log_in();
}

void demo_director::log_in() {
  auto lost = [this](const std::string& who) {
    return [this, who](const error& why) {
      if (finished_) abandon(who + " lost the line: " + why.message);
    };
  };
  to_log_in_ = stage_.script().channels.size() + stage_.script().agents.size();
  for (auto& id : stage_.script().channels) {
    auto token = options_.token_prefix + id;
    auto& player = channels_[id];
    player = std::make_unique<demo_channel>(stage_, id, options_.where, token);
    player->start([this, id](const error* why) { on_logged_in(id, why); }, lost(id));
  }
  for (auto& who : stage_.script().agents) {
    auto token = options_.token_prefix + who.id;
    agents_.push_back(std::make_unique<demo_agent>(stage_, who, options_.where, token));
    auto* player = agents_.back().get();
    by_id_[who.id] = player;
    player->start([this, id = who.id](const error* why) { on_logged_in(id, why); }, lost(who.id));
  }
}

void demo_director::on_logged_in(const std::string& who, const error* why) {
  if (!finished_) return;
  if (why) return abandon(who + " could not log in: " + client::text_of(*why));
  stage_.say(stage_.agent_name(who) + " is here");
  if (--to_log_in_ == 0) let_customers_in(0);
}

void demo_director::let_customers_in(std::size_t from) {
  auto& all = stage_.conversations();
  if (from >= all.size() || !finished_) return;
  arrive(all[from]);
  auto next = rush(from, all.size()) ? between_customers_in_a_rush : between_customers;
  stage_.after(next, [this, from] { let_customers_in(from + 1); });
}

bool demo_director::is_here_already(const conversation& c) const {
  return std::ranges::any_of(stage_.conversations(), [&](auto& other) {
    return &other != &c && other.phase != phase::to_come && !other.over() &&
           other.script->customer_id == c.script->customer_id &&
           other.script->channel == c.script->channel;
  });
}

void demo_director::arrive(conversation& c) {
  if (is_here_already(c)) {
    in_the_hall_.push_back(&c);
  } else {
    channels_.at(c.script->channel)->open(c);
  }
}

demo_agent* demo_director::agent_of(const conversation& c) {
  auto at = by_id_.find(c.agent);
  return at == by_id_.end() ? nullptr : at->second;
}

/// Whether all turns of that side before `turn` have reached the other.
bool demo_director::heard_before(const conversation& c, std::size_t turn, bool by_agent) const {
  for (std::size_t i = 0; i < turn; ++i) {
    if (c.script->turns[i].by_agent == by_agent && !c.heard.contains(i)) return false;
  }
  return true;
}

void demo_director::advance(conversation& c) {
  if (!finished_) return;
  if (c.over()) return on_over();
  if (c.phase == phase::closed) return after_close(c);
  if (c.busy || c.handing_on || c.closing || c.session_id.empty()) return;
  if (c.next_turn >= c.script->turns.size()) return part(c);
  c.script->turns[c.next_turn].by_agent ? agent_turn(c) : customer_turn(c);
}

void demo_director::customer_turn(conversation& c) {
  if (!heard_before(c, c.next_turn, true)) return;
  c.busy = true;
  stage_.after(customer_thinks, [this, &c] {
    if (!c.over()) channels_.at(c.script->channel)->speak(c, c.next_turn);
  });
}

void demo_director::agent_turn(conversation& c) {
  auto* agent = agent_of(c);
  if (c.phase != phase::active || !agent || !heard_before(c, c.next_turn, false)) return;
  c.busy = true;
  agent->type(c);
  stage_.after(agent_thinks, [this, &c, agent] {
    if (c.over()) return;
    auto turn = c.next_turn;
    if (std::exchange(c.transfer_at, c.transfer_at == turn ? std::nullopt : c.transfer_at) == turn)
      return agent->transfer(c, somebody_else(c), "please take over from here");
    if (std::exchange(c.slip_at, c.slip_at == turn ? std::nullopt : c.slip_at) == turn)
      return agent->slip(c, turn);
    agent->speak(c, turn);
  });
}

/// By turns another group, or the colleague of the same group who has the least to do.
json demo_director::somebody_else(const conversation& c) {
  if (stage_.counts().transfers % 2 == 0) {
    return {{"group", c.group == "general" ? "after_sales" : "general"}};
  }
  auto load = [&](const std::string& agent) {
    return std::ranges::count_if(stage_.conversations(), [&](auto& other) {
      return other.agent == agent && !other.over() && other.phase != phase::closed;
    });
  };
  const cast_agent* best = nullptr;
  for (auto& a : stage_.script().agents) {
    bool fits = a.id != c.agent && std::ranges::find(a.groups, c.group) != a.groups.end();
    if (fits && (!best || load(a.id) < load(best->id))) best = &a;
  }
  if (!best) return {{"group", c.group == "general" ? "after_sales" : "general"}};
  return {{"agent", best->id}};
}

void demo_director::part(conversation& c) {
  auto* agent = agent_of(c);
  auto turns = c.script->turns.size();
  if (c.phase != phase::active || !agent) return;
  if (!heard_before(c, turns, true) || !heard_before(c, turns, false)) return;
  c.closing = true;
  bool by_agent = c.number % 2 == 0;
  stage_.after(part_after, [this, &c, agent, by_agent] {
    if (c.over()) return;
    by_agent ? agent->close(c) : channels_.at(c.script->channel)->close(c);
  });
}

void demo_director::after_close(conversation& c) {
  auto* channel = channels_.at(c.script->channel).get();
  if (c.busy) return;
  if (c.script->rating && !c.rated) {
    c.busy = true;
    return stage_.after(rate_after, [channel, &c] {
      if (!c.over()) channel->rate(c);
    });
  }
  if (!c.close_seen_by_agent) return;
  c.busy = true;
  // A moment for what is still on its way.
  stage_.after(part_after, [channel, &c] { channel->check(c); });
}

void demo_director::on_over() {
  auto waiting = std::exchange(in_the_hall_, {});
  for (auto* c : waiting) arrive(*c);
  auto& all = stage_.conversations();
  if (!std::ranges::all_of(all, &conversation::over)) return;
  auto finished = std::exchange(finished_, nullptr);
  if (finished) finished({});
}

void demo_director::abandon(const std::string& why) {
  auto finished = std::exchange(finished_, nullptr);
  for (auto& c : stage_.conversations()) {
    if (c.over()) continue;
    auto was = std::string(to_string(c.phase));
    stage_.fail(c, "was " + was + " with turn " + std::to_string(c.next_turn) + " of " +
                       std::to_string(c.script->turns.size()) + " next: " + why);
  }
  if (finished) finished(why);
}

}  // namespace switchboard::demo
