#include "tests/unit/read_model/session_writer.hpp"

#include "actors/catalog/catalog_projection.hpp"
#include "actors/read_model/projection/agent_projection.hpp"
#include "actors/read_model/projection/customer_projection.hpp"
#include "actors/read_model/projection/session_projection.hpp"
#include "actors/session/journal_key.hpp"
#include "actors/session/request_identity.hpp"

namespace switchboard {

std::vector<std::shared_ptr<store::projection>> all_projections() {
  return {std::make_shared<session_projection>(), std::make_shared<agent_projection>(),
          std::make_shared<customer_projection>(), std::make_shared<catalog_projection>()};
}

session_id numbered_session(std::uint64_t n, shard_id shard) {
  return make_session_id(shard, noon, n, n * 0x9e3779b97f4a7c15ull);
}

store::position session_writer::write(std::vector<session_payload> what, timestamp at,
                                      request_key key) {
  store::record r;
  for (auto& payload : what) {
    auto e = sequence(state, std::move(payload), at,
                      events.empty() || r.events.empty() ? key : request_key{});
    apply(state, e);
    auto& bytes = events.emplace_back();
    session_codec::encode(e, bytes);
    r.events += bytes;
  }
  r.shard = state.id.shard;
  r.entity_seq = state.seq;
  r.at = at;
  r.key = journal_key(state.id);
  r.channel = state.channel;
  return journal_.append(std::move(r));
}

store::position session_writer::open(timestamp at, const std::string& customer,
                                     const std::string& request_id) {
  consultation_request r;
  r.request_id = request_id;
  r.channel = "app";
  r.customer.id = customer;
  r.customer.name = "Li";
  r.message = message_content{"m1", "text", {std::string("\x81\xa4text\xa2hi")}};
  return write(session_machine::open(r, {}, 1, "zh"), at, repeatable_open({}, r).key);
}

store::position session_writer::identify(const std::string& person, timestamp at) {
  findings f;
  f.person = person_id{person};
  f.tags = {"vip"};
  f.member = member_finding{"m9", 3, "Li Na", noon, {std::string("\x80")}};
  return write(session_machine::identified(f, false), at);
}

store::position session_writer::assign(const std::string& agent, timestamp at,
                                       const std::string& group) {
  return write(
      {event::assigned{
          {"agent", agent, "Agent " + agent}, group_id{group}, offer_id{"o"}, "idle longest"}},
      at);
}

store::position session_writer::say(const std::string& role, const std::string& text,
                                    timestamp at) {
  codec::packer p;
  field(p.map(1), "text", text);
  return write(
      {event::message{
          0, {role, role + "1", ""}, "text", {p.take()}, "id" + std::to_string(state.seq)}},
      at, {state.seq + 100, 5});
}

store::position session_writer::close(timestamp at) {
  return write({event::closed{"done", {"customer", "c1", ""}, "closed"}}, at);
}

session_payload session_writer::random_end(std::mt19937_64& rng) const {
  switch (rng() % 7) {
    case 4:
      return event::alert{
          rng() % 2 ? "unanswered" : "idle_warning", "leader", 2, 3, noon, {agent_id{"a1"}}};
    case 5:
      return event::filtered{{"customer", "c1", ""}, "mask", state.seq, {"fraud"}, {"word"}};
    case 6:
      return event::rating_requested{"How was it?", rng() % 2 == 0};
    case 0:
      return event::rated{static_cast<int>(1 + rng() % 5), "fine"};
    case 1:
      return event::read{1 + rng() % state.seq, {"customer", "c1", ""}};
    case 2:
      return event::wrapped_up{{"agent", "a1", ""}, "summary", "sold"};
    default:
      return event::tagged{{"agent", "a1", ""},
                           {"t" + std::to_string(rng() % 9)},
                           {"t" + std::to_string(rng() % 9)}};
  }
}

session_payload session_writer::random_payload(std::mt19937_64& rng) const {
  group_id group{"g" + std::to_string(rng() % 3)};
  participant agent{"agent", "a" + std::to_string(rng() % 5), "An"};
  switch (rng() % 16) {
    case 0:
      return event::identified{
          member_finding{"m1", 2, "Wang", noon, {}},
          {},
          {person_id{"m:" + std::to_string(rng() % 4)}, "app", {}, {"x"}, {}, {}},
          true};
    case 1: {
      routing_plan plan;
      plan.rule = "vip";
      plan.steps = {{{group}, {{{"zh", 3}}, 1}, millis{5000}, false, false}};
      plan.why = {"rule 1: tags"};
      return event::planned{plan};
    }
    case 2:
      return event::queued{group, {}, {}, {0, {group}, {}}, noon};
    case 3:
      return event::offered{agent, group, offer_id{"o1"}, noon, "why"};
    case 4:
      return event::offer_ended{offer_id{"o1"}, agent_id{agent.id}, "timeout", true};
    case 5:
      return event::round_restarted{};
    case 6:
      return event::assigned{agent, group, offer_id{"o1"}, "why"};
    case 7:
      return event::recalled{
          1 + rng() % state.seq, {"customer", "c1", ""}, {agent}, rng() % 2 ? "s.f1" : ""};
    case 8:
      return event::transferred{transfer_id{"t"}, agent, "cold", "g1", "", false, "note"};
    case 9:
      return event::left{agent, "offline"};
    case 10:
      return event::note{agent, {std::string("\x80")}};
    case 11:
      return event::requested{"r" + std::to_string(rng() % 50), "", "", ""};
    case 12:
      return event::read{1 + rng() % state.seq,
                         rng() % 2 ? agent : participant{"customer", "c1", ""},
                         rng() % 2 ? std::optional<std::uint32_t>(rng() % 5) : std::nullopt};
    case 13:
      return random_end(rng);
    default:
      return event::message{0,
                            rng() % 2 ? agent : participant{"customer", "c1", ""},
                            "text",
                            {std::string("\x81\xa1x\x01")},
                            "k"};
  }
}

store::position session_writer::random_command(std::mt19937_64& rng, timestamp at) {
  if (state.seq == 0)
    return open(at, "c" + std::to_string(rng() % 9), "r" + std::to_string(rng() % 99));
  if (state.over()) return write({random_end(rng)}, at);
  std::vector<session_payload> what{random_payload(rng)};
  if (rng() % 3 == 0) what.push_back(random_payload(rng));
  if (rng() % 24 == 0) what = {event::closed{"done", {}, rng() % 2 ? "closed" : "abandoned"}};
  return write(std::move(what), at, {rng() | 1, rng()});
}

void let_pass(store::journal& journal, timestamp from, timestamp to) {
  auto told = [&](timestamp at) {
    store::record r;
    r.kind = store::entity_kind::group;
    r.at = at;
    r.key = "g";
    journal.append(std::move(r));
  };
  for (auto at = from; at < to; at += millis{300'000}) told(at);
  told(to);
}

}  // namespace switchboard
