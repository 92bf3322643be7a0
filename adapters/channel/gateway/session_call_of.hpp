#pragma once

#include "actors/session/session_arguments.hpp"
#include "adapters/channel/gateway/endpoints.hpp"

namespace switchboard {

/// A call on a session: which one, and what for.
template <class What> struct on_session {
  session_id session;
  What what;
};
template <class V, class What> void wire_fields(V& v, on_session<What>& x) {
  v.must("session_id", x.session);
  wire_fields(v, x.what);
}

// What each struct is in a session_call.
inline void fill(session_call& m, const ask::recall& x) {
  m.method = session_method::recall;
  m.number = x.message_seq;
}
inline void fill(session_call& m, const ask::read& x) {
  m.method = session_method::read;
  m.number = x.message_seq;
}
inline void fill(session_call& m, const ask::close& x) {
  m.method = session_method::close;
  m.text = x.reason;
  m.text2 = x.disposition;
  m.summary = x.summary;
}
inline void fill(session_call& m, const ask::rate& x) {
  m.method = session_method::rate;
  m.number = static_cast<std::uint64_t>(x.score);
  m.text = x.comment;
}
inline void fill(session_call& m, const ask::events& x) {
  m.method = session_method::events;
  m.number = x.after;
}
inline void fill(session_call& m, const ask::subscribe& x) {
  m.method = session_method::subscribe;
  m.number = x.after;
}
inline void fill(session_call& m, const ask::note& x) {
  m.method = session_method::note;
  m.body = x.body;
}
inline void fill(session_call& m, const ask::tag& x) {
  m.method = session_method::tag;
  m.add = x.add;
  m.remove = x.remove;
}
inline void fill(session_call& m, const ask::wrap_up& x) {
  m.method = session_method::wrap_up;
  m.text = x.summary;
  m.text2 = x.disposition;
}
inline void fill(session_call& m, const ask::transfer& x) {
  m.method = session_method::transfer;
  m.mode = x.mode;
  m.text = x.note;
  m.to_group = x.to_group;
  m.to_agent = x.to_agent;
  m.by_rules = x.by_rules;
}
inline void fill(session_call& m, const ask::transfer_cancel& x) {
  m.method = session_method::transfer_cancel;
  m.text = x.transfer.value;
}
inline void fill(session_call& m, const ask::transfer_complete& x) {
  m.method = session_method::transfer_complete;
  m.text = x.transfer.value;
}
inline void fill(session_call& m, const ask::remove& x) {
  m.method = session_method::remove;
  m.to_agent = x.agent.value;
}
inline void fill(session_call& m, const ask::snooze& x) {
  m.method = session_method::snooze;
  m.number = x.until ? static_cast<std::uint64_t>(unix_ms(*x.until)) : 0;
  m.text = x.reason;
}
inline void fill(session_call& m, const ask::leave&) {
  m.method = session_method::leave;
}
inline void fill(session_call& m, const ask::wake&) {
  m.method = session_method::wake;
}
inline void fill(session_call& m, const ask::monitor&) {
  m.method = session_method::monitor;
}
inline void fill(session_call& m, const ask::barge&) {
  m.method = session_method::barge;
}
inline void fill(session_call& m, const ask::takeover&) {
  m.method = session_method::takeover;
}
inline void fill(session_call& m, const ask::why&) {
  m.method = session_method::why;
}
inline void fill(session_call& m, const ask::claim&) {
  m.method = session_method::claim;
}
inline void fill(session_call& m, const ask::status&) {
  m.method = session_method::status;
}
inline void fill(session_call& m, const ask::assign& x) {
  m.method = session_method::claim;
  m.text = x.reason;
  m.to_agent = x.agent.value;
}
inline void fill(session_call& m, const ask::move& x) {
  m.method = session_method::move;
  m.text = x.reason;
  m.to_group = x.to_group;
  m.to_agent = x.to_agent;
}
inline void fill(session_call& m, const ask::bump& x) {
  m.method = session_method::bump;
  m.number = static_cast<std::uint64_t>(x.priority);
  m.text = x.reason;
}
inline void fill(session_call& m, const ask::card_clicked& x) {
  m.method = session_method::card_clicked;
  m.text = x.product_id;
  m.number = x.message_seq;
}
inline void fill(session_call& m, const ask::claim_message&) {
  m.method = session_method::claim_message;
}
inline void fill(session_call& m, const ask::release_message& x) {
  m.method = session_method::release_message;
  m.text = x.reason;
}
inline void fill(session_call& m, const ask::dismiss_message& x) {
  m.method = session_method::dismiss_message;
  m.text = x.reason;
}

/// Sends it to its session, as the caller's.
template <class What> void pass_on(gateway_call& c, on_session<What>& a) {
  auto m = call_on(c, session_method::read, a.session);
  fill(m, a.what);
  to_session(c.services, std::move(m));
}

}  // namespace switchboard
