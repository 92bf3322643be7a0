#include "adapters/channel/gateway/gateway_call.hpp"

#include "adapters/channel/gateway/held_answer.hpp"

namespace switchboard {

session_call call_on(const gateway_call& c, session_method method, const session_id& session) {
  session_call m;
  m.method = method;
  m.session = session;
  m.op_id = c.op_id;
  m.by = c.by.who();
  m.account = c.by.account;
  m.reply = c.reply;
  return m;
}

namespace {

template <class Message> void send_to(directory_view& all, Message&& m) {
  if (auto session = all.sessions.find(m.session)) return caf::anon_send(session, std::move(m));
  auto& directory = all.directory_of(m.session.shard);
  caf::anon_send(directory, std::move(m));
}

}  // namespace

void to_session(const gateway_services& services, session_call&& m) {
  send_to(services.directory, std::move(m));
}
void to_session(const gateway_services& services, send_message&& m) {
  send_to(services.directory, std::move(m));
}

void to_configuration(gateway_call& c, configuration_call&& m) {
  m.by = {"admin", c.by.id, c.by.name};
  m.known_by = c.known_by(key_kind::configuration_change, m);
  m.reply = held_answer::to(c);
  caf::anon_send(c.services.directory.configuration, std::move(m));
}

}  // namespace switchboard
