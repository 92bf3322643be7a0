#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "actors/session/request_identity.hpp"
#include "adapters/channel/gateway/caller.hpp"
#include "adapters/channel/gateway/gateway_services.hpp"
#include "adapters/channel/transport/peer.hpp"
#include "runtime/codec/field_reader.hpp"

namespace switchboard {

/// One call of a method, on its connection's strand: who calls, what with, and all there is to
/// serve it. What serves it reads the fields, checks what only it knows, and sends one message to
/// an actor, or answers.
struct gateway_call {
  const gateway_services& services;
  const channel::peer_ptr& from;
  caller& by;
  codec::params& p;
  /// Without an outbox where it is a notification.
  reply_to reply;
  /// Of every method that writes; empty where the caller gave none.
  std::string op_id{};

  void fail(const error& why) const { reply.fail(0, why); }
  void fail(errc code, std::string message, std::string field = {}) const {
    reply.fail(0, {code, std::move(message), std::move(field), {}, 0});
  }
  void wrong(std::string_view field, const std::string& message) const {
    fail(errc::invalid_argument, std::string(field) + ": " + message, std::string(field));
  }
  /// By the rights table, beside what has been asked before the call got here.
  bool allowed(std::string_view right, ties has = tie::nothing) const {
    return rights::allows(right, by.account, has);
  }
  /// By what the call is known if it comes again: nothing where it has no op_id. `m` is as it will
  /// be sent, but for this.
  template <class Message> repeatable known_by(key_kind kind, const Message& m) const {
    return op_id.empty()
               ? repeatable{}
               : repeatable_request(services.secret, kind, m.by, op_id, codec::call_content(m));
  }
};

/// A session's call as this one asks for it: whose it is, and how it is answered.
session_call call_on(const gateway_call& c, session_method method, const session_id& session);
/// To the session, wherever it is.
void to_session(const gateway_services& services, session_call&& m);
void to_session(const gateway_services& services, send_message&& m);
/// To the owner of the configuration. The caller may lose its own connection by what it asks for:
/// not before it has the answer.
void to_configuration(gateway_call& c, configuration_call&& m);

}  // namespace switchboard
