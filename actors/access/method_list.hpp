#pragma once

/// Every method of the wire but hello, by name, one row each: family and verb ("session.open"), who
/// may call it (the words are rights.cpp's), what it does to the store while room runs short
/// (runtime/store/admission.hpp), and when its answer may leave (methods.hpp). What serves a row is
/// the endpoint of its name, `session_open` (adapters/channel/gateway/endpoints.hpp); a row without
/// one does not link.
///
/// What takes something out, ends it, or says how far somebody has come, frees; what an agent may
/// do to stop working frees too. What lets a customer or a configuration bring in something new
/// begins.
// clang-format off
#define SWITCHBOARD_METHODS(X) \
  X(account, create, of_admins, begins, after_journal) \
  X(account, disable, of_admins, frees, after_journal) \
  X(account, enable, of_admins, goes_on, after_journal) \
  X(account, export, of_admins, reads, after_journal) \
  X(account, import, of_admins, goes_on, after_journal) \
  X(account, list, of_admins, reads, after_journal) \
  X(account, new_token, of_admins, goes_on, after_journal) \
  X(account, set_password, of_admins, goes_on, after_journal) \
  X(account, update, of_admins, goes_on, after_journal) \
  X(admin, activity, of_admins, reads, at_once) \
  X(admin, actor, of_admins, reads, at_once) \
  X(admin, actors, of_admins, reads, at_once) \
  X(admin, agent_move, of_admins, goes_on, after_journal) \
  X(admin, agent_state, of_admins, frees, after_journal) \
  X(admin, agents, of_admins, reads, at_once) \
  X(admin, backup, of_admins, reads, at_once) \
  X(admin, bump, of_admins, goes_on, after_journal) \
  X(admin, centers, of_admins, reads, at_once) \
  X(admin, group_close, of_admins, frees, after_journal) \
  X(admin, group_open, of_admins, goes_on, after_journal) \
  X(admin, groups, of_admins, reads, at_once) \
  X(admin, rules_apply, of_admins, begins, after_journal) \
  X(admin, rules_check, of_admins, reads, after_journal) \
  X(admin, rules_conflicts, of_admins, reads, after_journal) \
  X(admin, rules_diff, of_admins, reads, after_journal) \
  X(admin, rules_edit, of_admins, goes_on, after_journal) \
  X(admin, rules_history, of_admins, reads, after_journal) \
  X(admin, rules_keep, of_admins, goes_on, after_journal) \
  X(admin, rules_rollback, of_admins, goes_on, after_journal) \
  X(admin, rules_show, of_admins, reads, after_journal) \
  X(admin, session, of_admins, reads, after_journal) \
  X(admin, session_assign, of_admins, goes_on, after_journal) \
  X(admin, session_close, of_admins, frees, after_journal) \
  X(admin, session_events, of_admins, reads, after_journal) \
  X(admin, session_move, of_admins, goes_on, after_journal) \
  X(admin, sessions, of_admins, reads, at_once) \
  X(admin, status, of_admins, reads, at_once) \
  X(admin, why, of_admins, reads, after_journal) \
  X(agent, accept, of_accounts, goes_on, after_journal) \
  X(agent, decline, of_accounts, frees, after_journal) \
  X(agent, snapshot, of_accounts, reads, after_journal) \
  X(agent, state, of_accounts, frees, after_journal) \
  X(agent, times, oneself_or_led, reads, after_journal) \
  /* As a message of the session would be; what has begun goes on for who began it. */ \
  X(attachment, begin, in_session(any, speaks), begins, after_journal) \
  X(attachment, chunk, who_began, goes_on, after_journal) \
  X(attachment, finish, who_began, goes_on, after_journal) \
  X(attachment, read, in_session(any, near, tie::team_over), reads, after_journal) \
  X(campaign, create, from_supervisor, begins, after_journal) \
  X(campaign, delete, from_supervisor, frees, after_journal) \
  X(campaign, list, of_staff, reads, after_journal) \
  X(campaign, update, from_supervisor, goes_on, after_journal) \
  /* Where a session is named, as it would be said there; else for the caller's own groups. */ \
  X(canned, list, in_session(none, near), reads, after_journal) \
  X(canned, search, in_session(none, near), reads, after_journal) \
  X(channel, ack, of_customers, frees, after_journal) \
  X(channel, subscribe, of_customers, reads, after_journal) \
  X(customer, block, from_leader, goes_on, after_journal) \
  X(customer, cancel, of_staff, reads, after_journal) \
  X(customer, changes, of_staff, reads, at_once) \
  X(customer, dossier, from_supervisor, reads, after_journal) \
  X(customer, erase, of_admins, frees, after_journal) \
  X(customer, export, from_supervisor, reads, after_journal) \
  X(customer, fields, of_staff, reads, at_once) \
  X(customer, get, of_staff, reads, after_journal) \
  X(customer, history, of_staff, reads, at_once) \
  X(customer, merge, from_leader, goes_on, after_journal) \
  X(customer, mine, of_staff, goes_on, after_journal) \
  X(customer, search, of_staff, reads, at_once) \
  X(customer, settle, of_staff, goes_on, after_journal) \
  X(customer, tag, of_staff, goes_on, after_journal) \
  X(customer, unblock, from_leader, frees, after_journal) \
  X(customer, unmerge, from_leader, goes_on, after_journal) \
  X(customer, update, of_staff, goes_on, after_journal) \
  X(group, create, of_admins, begins, after_journal) \
  X(group, merge, of_admins, goes_on, after_journal) \
  X(group, retire, of_admins, goes_on, after_journal) \
  X(group, update, of_admins, goes_on, after_journal) \
  X(lead, create, of_staff, begins, after_journal) \
  X(lead, list, of_staff, reads, after_journal) \
  X(lead, update, of_staff, goes_on, after_journal) \
  X(message, answer, of_left_messages_and_console, begins, after_journal) \
  X(message, claim, of_left_messages, goes_on, after_journal) \
  X(message, dismiss, of_left_messages_and_console, frees, after_journal) \
  X(message, list, of_left_messages_and_console, reads, at_once) \
  X(message, release, of_left_messages, frees, after_journal) \
  X(order, get, of_accounts, reads, at_once) \
  /* Where a session is named, for its customer. */ \
  X(order, list, in_session(none, near), reads, at_once) \
  X(product, clicked, of_customers, goes_on, after_journal) \
  X(product, credit, ones_own, reads, at_once) \
  X(product, recommend, in_session(none, near), reads, at_once) \
  X(product, search, of_accounts, reads, at_once) \
  X(sales_channel, create, from_supervisor, begins, after_journal) \
  X(sales_channel, delete, from_supervisor, frees, after_journal) \
  X(sales_channel, list, of_staff, reads, after_journal) \
  X(sales_channel, update, from_supervisor, goes_on, after_journal) \
  X(segment, create, from_supervisor, begins, after_journal) \
  X(segment, delete, from_supervisor, frees, after_journal) \
  X(segment, list, of_staff, reads, after_journal) \
  X(segment, update, from_supervisor, goes_on, after_journal) \
  X(session, barge, of_leaders, goes_on, after_journal) \
  /* Then the group decides, by its own clauses. */ \
  X(session, claim, in_its_group, goes_on, after_journal) \
  /* Who served it last gets the same answer for the same close. */ \
  X(session, close, in_session(any, owner | tie::past, team), frees, after_journal) \
  /* What is past anybody who leads may read; what goes on is watched by monitor, on record. */ \
  X(session, events, in_session(any, near, tie::team_over), reads, after_journal) \
  X(session, leave, in_session(none, tie::speaker | tie::listener), frees, after_journal) \
  X(session, monitor, of_leaders, goes_on, after_journal) \
  X(session, note, in_session(none, near, team_also), goes_on, after_journal) \
  X(session, open, of_customers, begins, after_journal) \
  X(session, rate, of_customers, goes_on, after_journal) \
  X(session, read, in_session(any, speaks | tie::past), frees, after_journal) \
  X(session, recall, in_session(any, speaks | tie::past), goes_on, after_journal) \
  X(session, remove, in_session(none, owner, team), frees, after_journal) \
  X(session, send, in_session(any, speaks), begins, after_journal) \
  X(session, snooze, in_session(none, owner, team), goes_on, after_journal) \
  X(session, subscribe, in_session(any, near, tie::team_over), reads, after_journal) \
  X(session, tag, in_session(none, near, team_also), goes_on, after_journal) \
  X(session, takeover, of_leaders, goes_on, after_journal) \
  X(session, transfer, in_session(none, owner, team), goes_on, after_journal) \
  X(session, transfer_cancel, in_session(none, owner | tie::past, team), frees, after_journal) \
  X(session, transfer_complete, in_session(none, owner, team), goes_on, after_journal) \
  X(session, typing, in_session(any, speaks), reads, after_journal) \
  X(session, wake, in_session(none, owner, team), goes_on, after_journal) \
  X(session, whisper, in_session(none, present, team), goes_on, after_journal) \
  /* While it waits also of those whose people could take it. */ \
  X(session, why, in_session(none, near, ties(team_also | near_group)), reads, after_journal) \
  X(session, wrap_up, in_session(none, owner | tie::past), frees, after_journal) \
  X(team, list, who_leads, reads, at_once)
// clang-format on
