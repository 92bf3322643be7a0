#include <algorithm>

#include "actors/access/staff_ties.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"

/// Messages left while nobody was there: listed, taken on, answered on the customer's channel.
namespace switchboard {

namespace {

struct list_arguments {
  std::string group, after;
  std::uint64_t limit = 50;
};
template <class V> void wire_fields(V& v, list_arguments& x) {
  v.may("group", x.group, 64);
  v.may("after", x.after, 256);
  v.may("limit", x.limit, 1, 200);
}

/// Agents see those of their groups; who leads and administrators all, also those left with no
/// group.
void list(gateway_call& c, list_arguments& a) {
  read_messages m;
  m.after = std::move(a.after);
  m.limit = a.limit;
  const auto config = c.services.config();
  const auto me = std::ranges::find(config->agents, agent_id{c.by.id}, &config::agent_config::id);
  for (auto& g : config->groups) {
    const bool in =
        me != config->agents.end() && std::ranges::find(me->groups, g.id) != me->groups.end();
    if (c.allowed("message.list", in ? tie::group : tie::nothing)) m.groups.push_back(g.id);
  }
  if (!a.group.empty()) {
    std::erase_if(m.groups, [&](auto& g) { return g.value != a.group; });
    if (m.groups.empty()) return c.wrong("group", "there is no such group, or it is not yours");
  }
  // What was left with a group that has been merged since is there under its old name.
  for (auto& g : config->groups) {
    if (std::ranges::find(m.groups, g.id) == m.groups.end()) continue;
    m.groups.insert(m.groups.end(), g.formerly.begin(), g.formerly.end());
  }
  // A plan that begins with leaving a message leads to no group: without those who see all, nobody
  // would see it.
  if (a.group.empty() && c.allowed("message.list")) m.groups.push_back(group_id{});
  m.reply = c.reply;
  caf::anon_send(c.services.directory.archive, std::move(m));
}

/// Administrators' connections too have a say here.
template <class What> void pass_on_as_who(gateway_call& c, on_session<What>& a) {
  auto m = call_on(c, session_method::claim_message, a.session);
  fill(m, a.what);
  m.by = c.by.who_or_admin();
  to_session(c.services, std::move(m));
}

void answer(gateway_call& c, on_session<message_content>& a) {
  auto m = call_on(c, session_method::answer_message, a.session);
  // To the customer an administrator's connection is one of those who lead.
  m.by = c.by.who_or_admin();
  if (c.by.role == caller::kind::admin) m.by.role = "supervisor";
  m.text = std::move(a.what.type);
  m.text2 = std::move(a.what.client_msg_id);
  m.body = std::move(a.what.body);
  to_session(c.services, std::move(m));
}

}  // namespace

const endpoint endpoints::message_answer = served_by<answer>;
const endpoint endpoints::message_claim = served_by<pass_on_as_who<ask::claim_message>>;
const endpoint endpoints::message_dismiss = served_by<pass_on_as_who<ask::dismiss_message>>;
const endpoint endpoints::message_list = served_by<list>;
const endpoint endpoints::message_release = served_by<pass_on_as_who<ask::release_message>>;

}  // namespace switchboard
