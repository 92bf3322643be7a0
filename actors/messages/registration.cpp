#include "actors/messages/registration.hpp"

#include <caf/all.hpp>

#include "actors/messages/interfaces.hpp"

namespace switchboard {
namespace {

template <class... Ts>
void add(caf::actor_system_config& config, const char* const (&names)[sizeof...(Ts)]) {
  std::size_t i = 0;
  (config.add_message_type<Ts>(std::string("switchboard::") + names[i++]), ...);
}

}  // namespace

void register_messages(caf::actor_system_config& config) {
  add<send_message, session_call, open_session, agent_call, agent_connection, customer_call>(
      config, {"send_message", "session_call", "open_session", "agent_call", "agent_connection", "customer_call"});
  add<identify, identified_as, route_request, routed, step_request, step_chosen, transfer_request, transfer_routed, group_report>(
      config, {"identify", "identified_as", "route_request", "routed", "step_request", "step_chosen", "transfer_request",
               "transfer_routed", "group_report"});
  add<enter_queue, leave_queue, queue_refused, ask_position, position_is, propose_agent, proposal_answered, claim_back>(
      config, {"enter_queue", "leave_queue", "queue_refused", "ask_position", "position_is", "propose_agent",
               "proposal_answered", "claim_back"});
  add<reserve_room, room_answer, release_room, agent_available, head_claim, offer_made, offer_query, offer_over, service_began,
      service_ended, agent_readers, offer_answer, agent_lost>(
      config, {"reserve_room", "room_answer", "release_room", "agent_available", "head_claim", "offer_made", "offer_query", "offer_over",
               "service_began", "service_ended", "agent_readers", "offer_answer", "agent_lost"});
  add<hold_room, room_held, guest_began, guest_ended, service_snoozed>(
      config, {"hold_room", "room_held", "guest_began", "guest_ended", "service_snoozed"});
  add<agent_alert>(config, {"agent_alert"});
  add<trail_query, trail_answer, trail_note, wake, status_request, drain, arm_timer>(
      config, {"trail_query", "trail_answer", "trail_note", "wake", "status_request", "drain", "arm_timer"});
  add<member_query, member_answer, tag_query, tag_answer, open_orders_query, open_orders_answer, center_call, credit_call,
      member_orders>(
      config, {"member_query", "member_answer", "tag_query", "tag_answer", "open_orders_query", "open_orders_answer",
               "center_call", "credit_call", "member_orders"});
  add<configuration_call, configuration_changed, reroute, ask_dispatch, dispatch_is, agent_retired, group_retired, queue_gone,
      explain_waiter, claim_waiter, read_messages>(config, {"configuration_call", "configuration_changed", "reroute", "ask_dispatch", "dispatch_is",
                               "agent_retired", "group_retired", "queue_gone", "explain_waiter", "claim_waiter",
                               "read_messages"});
  add<customer_told, catalog_call, read_changes, search_customers, call_answered, mine_session>(
      config, {"customer_told", "catalog_call", "read_changes", "search_customers", "call_answered", "mine_session"});
  add<read_history, history_page, load_session, session_loaded, read_trail, session_over, session_idle, list_sessions,
      customer_idle>(config, {"read_history", "history_page", "load_session", "session_loaded", "read_trail", "session_over",
                              "session_idle", "list_sessions", "customer_idle"});
}

}  // namespace switchboard
