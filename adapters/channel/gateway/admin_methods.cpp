#include <algorithm>
#include <cctype>

#include <msgpack.hpp>

#include "adapters/channel/gateway/earliest_sessions.hpp"
#include "adapters/channel/gateway/fan_out.hpp"
#include "adapters/channel/gateway/known_words.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"
#include "runtime/hosting/observed_actor.hpp"

/// How the daemon is: shown to administrators.
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

void status(gateway_call& c) {
  auto with_wait = [pack = c.services.host_status, to = c.reply](std::optional<millis> longest) {
    packer p;
    pack(p, longest);
    to.ok(0, p.take());
  };
  reply_to then{std::make_shared<longest_wait_finder>(c.reply, std::move(with_wait)), 0};
  ask_all(c.services.directory.all_groups(), then, "groups");
}

struct session_filter {
  std::size_t limit = 100;
  std::string state, id_part;
};
template <class V> void wire_fields(V& v, session_filter& x) {
  v.may("limit", x.limit, 1, 10'000);
  v.may("state", x.state, 16);
  v.may("id_part", x.id_part, 64);
}

void sessions(gateway_call& c, session_filter& a) {
  if (!a.state.empty() && !phase_named(a.state))
    return c.wrong("state", "there is no state \"" + a.state + "\"; expected one of " +
                                known_words<session_phase>(phases));
  const auto part = folded(a.id_part);
  earliest_sessions first(a.limit);
  auto& table = c.services.directory.sessions;
  // Sessions show their state without being asked; only what is shown is asked.
  table.for_each([&](const session_id& id, const session_actor& who) {
    auto* probe = a.state.empty() ? nullptr : probe_of(who);
    const bool named = part.empty() || is_end_of(folded(id.text()), part);
    if (named && (a.state.empty() || (probe && a.state == probe->state.load()))) first.see(id);
    return true;
  });
  std::vector<std::pair<session_id, session_actor>> some;
  for (auto& id : first.take()) {
    if (auto who = table.find(id)) some.emplace_back(id, std::move(who));
  }
  ask_all(some, c.reply, "sessions", first.seen());
}

void session(gateway_call& c, on_session<ask::status>& a) {
  auto m = call_on(c, session_method::status, a.session);
  m.by = {"system", c.by.id, {}};
  to_session(c.services, std::move(m));
}

void agents(gateway_call& c) {
  ask_all(by_id(c.services.directory.all_agents()), c.reply, "agents");
}

struct group_view {
  bool queues = false;
};
template <class V> void wire_fields(V& v, group_view& x) {
  v.may("queues", x.queues);
}

void groups(gateway_call& c, group_view& a) {
  ask_all(by_id(c.services.directory.all_groups()), c.reply, "groups", {}, a.queues);
}

void centers(gateway_call& c) {
  auto& all = c.services.centers;
  std::vector<std::pair<std::string_view, center_actor>> centers{
      {"member", all.member}, {"tag", all.tag}, {"product", all.product}, {"trade", all.trade}};
  ask_all(centers, c.reply, "centers");
}

struct destination {
  std::string dir;
};
template <class V> void wire_fields(V& v, destination& x) {
  v.must("dir", x.dir, 4096);
}

void backup(gateway_call& c, destination& a) {
  if (!c.services.backup) return c.fail(errc::unimplemented, "this node makes no backups");
  c.services.backup(a.dir, c.reply);
}

}  // namespace

const endpoint endpoints::admin_agents = served_by<agents>;
const endpoint endpoints::admin_backup = served_by<backup>;
const endpoint endpoints::admin_centers = served_by<centers>;
const endpoint endpoints::admin_groups = served_by<groups>;
const endpoint endpoints::admin_session = served_by<session>;
const endpoint endpoints::admin_sessions = served_by<sessions>;
const endpoint endpoints::admin_status = served_by<status>;

}  // namespace switchboard
