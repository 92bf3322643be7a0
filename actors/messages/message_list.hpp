#pragma once

/// Every message between actors, once. Two things are made from this list: the names under which
/// CAF knows a message on other nodes (registration.cpp), and the one place where CAF's templates
/// around it are compiled (message_instances.hpp). A message that is missing here works within a
/// node, is compiled again in each source that sends it, and cannot leave the node.

// What sessions, agents and their clients say to each other.
#define SWITCHBOARD_CONVERSATION_MESSAGES(X) \
  X(send_message)                            \
  X(session_call)                            \
  X(open_session)                            \
  X(agent_call)                              \
  X(agent_connection)                        \
  X(customer_call)                           \
  X(agent_alert)                             \
  X(hold_room)                               \
  X(room_held)                               \
  X(guest_began)                             \
  X(guest_ended)                             \
  X(service_snoozed)                         \
  X(offer_made)                              \
  X(offer_query)                             \
  X(offer_over)                              \
  X(offer_answer)                            \
  X(agent_readers)                           \
  X(agent_lost)                              \
  X(service_began)                           \
  X(service_ended)                           \
  X(call_answered)

// From a request to an agent: identification, routing, queues, room.
#define SWITCHBOARD_DISPATCH_MESSAGES(X) \
  X(identify)                            \
  X(identified_as)                       \
  X(route_request)                       \
  X(routed)                              \
  X(step_request)                        \
  X(step_chosen)                         \
  X(transfer_request)                    \
  X(transfer_routed)                     \
  X(group_report)                        \
  X(enter_queue)                         \
  X(leave_queue)                         \
  X(queue_refused)                       \
  X(ask_position)                        \
  X(position_is)                         \
  X(propose_agent)                       \
  X(proposal_answered)                   \
  X(return_to_queue)                     \
  X(reserve_room)                        \
  X(room_answer)                         \
  X(release_room)                        \
  X(agent_available)                     \
  X(queue_head)

// Centers of the company, and what is known of a customer.
#define SWITCHBOARD_CENTER_MESSAGES(X) \
  X(member_query)                      \
  X(member_answer)                     \
  X(tag_query)                         \
  X(tag_answer)                        \
  X(open_orders_query)                 \
  X(open_orders_answer)                \
  X(center_call)                       \
  X(credit_call)                       \
  X(member_orders)                     \
  X(trail_query)                       \
  X(trail_answer)                      \
  X(trail_note)                        \
  X(customer_told)                     \
  X(catalog_call)                      \
  X(search_customers)                  \
  X(mine_session)                      \
  X(read_trail)                        \
  X(read_changes)                      \
  X(customer_idle)

// Configuration, timers, history, the life of actors.
#define SWITCHBOARD_UPKEEP_MESSAGES(X) \
  X(timer_fired)                       \
  X(status_request)                    \
  X(drain)                             \
  X(configuration_call)                \
  X(configuration_changed)             \
  X(reroute)                           \
  X(ask_dispatch)                      \
  X(dispatch_is)                       \
  X(agent_retired)                     \
  X(group_retired)                     \
  X(queue_gone)                        \
  X(explain_waiter)                    \
  X(claim_waiter)                      \
  X(read_messages)                     \
  X(read_history)                      \
  X(history_page)                      \
  X(load_session)                      \
  X(session_loaded)                    \
  X(session_over)

#define SWITCHBOARD_MESSAGES(X)        \
  SWITCHBOARD_CONVERSATION_MESSAGES(X) \
  SWITCHBOARD_DISPATCH_MESSAGES(X)     \
  SWITCHBOARD_CENTER_MESSAGES(X)       \
  SWITCHBOARD_UPKEEP_MESSAGES(X)
