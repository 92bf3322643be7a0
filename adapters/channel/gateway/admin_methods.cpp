#include <algorithm>
#include <cctype>

#include <msgpack.hpp>

#include "actors/directory/live_actors.hpp"
#include "adapters/channel/gateway/earliest_sessions.hpp"
#include "adapters/channel/gateway/fan_out.hpp"
#include "adapters/channel/gateway/gateway.hpp"
#include "adapters/channel/gateway/known_words.hpp"
#include "runtime/hosting/observed_actor.hpp"

namespace switchboard {

using codec::packer;

namespace {

/// Takes what the groups say of themselves, and goes on with the longest wait among them.
class longest_wait_finder final : public outbox {
 public:
  using next = std::function<void(std::optional<millis>)>;
  longest_wait_finder(reply_to to, next go_on) : to_(std::move(to)), go_on_(std::move(go_on)) {}

  void reply(std::uint32_t, store::position, std::string packed) override {
    std::optional<millis> longest;
    auto answer = msgpack::unpack(packed.data(), packed.size());
    codec::params all(answer.get());
    auto* groups = all.maybe_array("groups");
    for (std::uint32_t i = 0; groups && i < groups->via.array.size; ++i) {
      codec::params group(groups->via.array.ptr[i]);
      constexpr std::int64_t most = std::int64_t{1} << 53;
      if (group.integer("waiting", 0, most) == 0) continue;
      const millis wait{group.integer("oldest_ms", 0, most)};
      longest = std::max(longest.value_or(millis{0}), wait);
    }
    go_on_(longest);
  }
  void fail(std::uint32_t, store::position after, const error& why) override {
    to_.fail(after, why);
  }
  void notify(store::position, std::string) override {}
  std::uint64_t id() const override { return 0; }
  bool open() const override { return !to_.out || to_.out->open(); }

 private:
  reply_to to_;
  next go_on_;
};

/// Asks every actor of a list for its status and answers with all of it, in the list's order.
template <class Handles>
void ask_all(const Handles& handles, const reply_to& to, const char* name,
             std::optional<std::uint64_t> in_all = {}, bool detail = false) {
  auto gather = std::make_shared<fan_out>(to, name, handles.size(), in_all);
  if (handles.empty()) return gather->nobody();
  std::uint32_t n = 0;
  for (auto& [id, handle] : handles) caf::anon_send(handle, status_request{{gather, n++}, detail});
}

template <class Handles> Handles by_id(Handles handles) {
  std::ranges::sort(
      handles, {}, [](auto& h) -> auto& { return h.first; });
  return handles;
}

std::string folded(std::string id) {
  for (char& c : id) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return id;
}

/// As people name a session: by how its id begins, or by its end, which chats show.
bool is_end_of(std::string_view id, std::string_view part) {
  return id.starts_with(part) || id.ends_with(part);
}

constexpr std::size_t phases = static_cast<std::size_t>(session_phase::left_message) + 1;

std::optional<session_phase> phase_named(std::string_view word) {
  for (std::size_t i = 0; i < phases; ++i) {
    if (to_string(static_cast<session_phase>(i)) == word) return static_cast<session_phase>(i);
  }
  return {};
}

}  // namespace

void gateway::admin_status(call& c) {
  auto with_wait = [status = services_.host_status, to = c.reply](std::optional<millis> longest) {
    packer p;
    status(p, longest);
    to.ok(0, p.take());
  };
  reply_to then{std::make_shared<longest_wait_finder>(c.reply, std::move(with_wait)), 0};
  ask_all(services_.directory.all_groups(), then, "groups");
}

void gateway::admin_sessions(call& c) {
  auto limit = static_cast<std::size_t>(c.p.maybe_integer("limit", 1, 10'000).value_or(100));
  auto state = c.p.text_or_empty("state", 16);
  const auto part = folded(c.p.text_or_empty("id_part", 64));
  if (!state.empty() && !phase_named(state)) {
    c.p.reject("state", "there is no state \"" + state + "\"; expected one of " +
                            known_words<session_phase>(phases));
  }
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  earliest_sessions first(limit);
  // Sessions show their state without being asked; only what is shown is asked.
  services_.directory.sessions.for_each([&](const session_id& id, const session_actor& who) {
    auto* probe = state.empty() ? nullptr : probe_of(who);
    const bool named = part.empty() || is_end_of(folded(id.text()), part);
    if (named && (state.empty() || (probe && state == probe->state.load()))) first.see(id);
    return true;
  });
  std::vector<std::pair<session_id, session_actor>> some;
  for (auto& id : first.take()) {
    if (auto who = services_.directory.sessions.find(id)) some.emplace_back(id, std::move(who));
  }
  ask_all(some, c.reply, "sessions", first.seen());
}

void gateway::admin_session(call& c) {
  auto id = session_id::parse(c.p.text("session_id", 64));
  if (c.p.ok() && !id) c.p.reject("session_id", "is no session's id");
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  session_call m;
  m.method = session_method::status;
  m.session = *id;
  m.by = {"system", c.by.id, {}};
  m.reply = c.reply;
  to_session(std::move(m));
}

void gateway::admin_agents(call& c) {
  ask_all(by_id(services_.directory.all_agents()), c.reply, "agents");
}
void gateway::admin_groups(call& c) {
  const bool queues = c.p.boolean_or("queues", false);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  ask_all(by_id(services_.directory.all_groups()), c.reply, "groups", {}, queues);
}

void gateway::admin_centers(call& c) {
  auto& all = services_.centers;
  std::vector<std::pair<std::string_view, center_actor>> centers{
      {"member", all.member}, {"tag", all.tag}, {"product", all.product}, {"trade", all.trade}};
  ask_all(centers, c.reply, "centers");
}

void gateway::admin_backup(call& c) {
  auto dir = c.p.text("dir", 4096);
  if (!c.p.ok()) return c.reply.fail(0, c.p.why());
  if (!services_.backup)
    return c.reply.fail(0, error{errc::unimplemented, "this node makes no backups", {}, {}, 0});
  services_.backup(dir, c.reply);
}

}  // namespace switchboard
