#include "actors/access/team_tree.hpp"
#include "adapters/channel/gateway/request_reader.hpp"
#include "adapters/channel/gateway/session_call_of.hpp"

/// Handing a session on, joining one, putting one off, and what supervisors do.
namespace switchboard {

namespace ask {

constexpr codec::wire_field transfer_fields[] = {
    {"mode", codec::wire_field::kind::text, false, 0, 16},
    {"note", codec::wire_field::kind::text, false, 0, 2048},
    {"to", codec::wire_field::kind::map, true}};

void read_transfer(codec::params& p, transfer& x) {
  x.mode = p.text_or_empty("mode", 16);
  if (x.mode.empty()) x.mode = "cold";
  x.note = p.text_or_empty("note", 2048);
  const auto* to = p.map("to");
  if (!to) return;
  codec::params t(*to, "to");
  x.to_group = t.text_or_empty("group", 128);
  x.to_agent = t.text_or_empty("agent", 128);
  x.by_rules = t.boolean_or("route", false);
  const int named =
      (x.to_group.empty() ? 0 : 1) + (x.to_agent.empty() ? 0 : 1) + (x.by_rules ? 1 : 0);
  if (named != 1) t.reject({}, "expected one of group, agent, route: true");
  p.absorb(t);
}

template <class V> void wire_fields(V& v, transfer& x) {
  v.by(transfer_fields, [&](codec::params& p) { read_transfer(p, x); });
}

}  // namespace ask

namespace {

/// The session is the one the transfer's id begins with.
template <class What> void end_transfer(gateway_call& c, What& a) {
  const auto session = session_of(a.transfer.value);
  if (!session) return c.wrong("transfer_id", "is no transfer's id");
  on_session<What> call{*session, std::move(a)};
  pass_on(c, call);
}

void whisper(gateway_call& c, on_session<message_content>& a) {
  auto m = call_on(c, session_method::whisper, a.session);
  m.op_id = a.what.client_msg_id;
  m.mode = a.what.type;
  m.body = std::move(a.what.body);
  to_session(c.services, std::move(m));
}

/// The teams the caller leads, with the leaders and members of each.
void teams(gateway_call& c) {
  auto config = c.services.config();
  auto led = team_tree::led_by(*config, c.by.id);
  codec::packer p;
  p.map(1).str("teams").array(static_cast<std::uint32_t>(led.size()));
  auto pack_ids = [&](const char* name, const std::vector<agent_id>& ids) {
    p.str(name).array(static_cast<std::uint32_t>(ids.size()));
    for (auto& id : ids) p.str(id.value);
  };
  for (auto* team : led) {
    p.map(5);
    field(p, "id", team->id);
    field(p, "name", team->name);
    field(p, "parent", team->parent);
    pack_ids("leaders", team->leaders);
    pack_ids("members", team->members);
  }
  c.reply.ok(0, p.take());
}

}  // namespace

const endpoint endpoints::session_barge = served_by<pass_on<ask::barge>>;
const endpoint endpoints::session_leave = served_by<pass_on<ask::leave>>;
const endpoint endpoints::session_monitor = served_by<pass_on<ask::monitor>>;
const endpoint endpoints::session_remove = served_by<pass_on<ask::remove>>;
const endpoint endpoints::session_snooze = served_by<pass_on<ask::snooze>>;
const endpoint endpoints::session_takeover = served_by<pass_on<ask::takeover>>;
const endpoint endpoints::session_transfer = served_by<pass_on<ask::transfer>>;
const endpoint endpoints::session_transfer_cancel = served_by<end_transfer<ask::transfer_cancel>>;
const endpoint endpoints::session_transfer_complete =
    served_by<end_transfer<ask::transfer_complete>>;
const endpoint endpoints::session_wake = served_by<pass_on<ask::wake>>;
const endpoint endpoints::session_whisper = served_by<whisper>;
const endpoint endpoints::team_list = served_by<teams>;

}  // namespace switchboard
