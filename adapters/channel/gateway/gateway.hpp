#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/access/methods.hpp"
#include "adapters/channel/gateway/caller.hpp"
#include "adapters/channel/gateway/gateway_services.hpp"
#include "adapters/channel/transport/peer.hpp"

namespace switchboard {

struct gateway_call;

/// The wire's way in: lets connections in by their hello, and has each call served by its method's
/// endpoint (endpoints.hpp) once the caller may make it and the store has room for it. Called on
/// the peers' strands; shares no state between connections but what is thread-safe.
class gateway final : public channel::rpc_service {
 public:
  /// `trusted`: connections come over the local socket, whose file mode is the proof; an admin
  /// needs no token there.
  gateway(const gateway_services& services, bool trusted)
      : services_(services), trusted_(trusted) {}

  void on_call(const channel::peer_ptr& from, std::uint32_t msgid, std::string_view method,
               const msgpack::object& params) override;
  void on_notify(const channel::peer_ptr& from, std::string_view method,
                 const msgpack::object& params) override;
  void on_close(const channel::peer_ptr& gone) override;

 private:
  bool still_known(caller& by) const;
  bool admits(const rights::method& of, gateway_call& c) const;

  // hello.cpp
  /// What a hello says besides who it is; what its answer needs.
  struct greeting {
    std::uint32_t msgid = 0;
    std::int64_t protocol = 1;
  };
  struct password_question;
  void hello(const channel::peer_ptr& from, std::uint32_t msgid, const msgpack::object& params);
  void hello_by_password(const channel::peer_ptr& from, greeting g, const std::string& id,
                         std::string password, std::string device_token);
  void password_checked(const channel::peer_ptr& from, const password_question& what, int verdict,
                        millis wait);
  void let_in(const channel::peer_ptr& from, const std::shared_ptr<caller>& who,
              connection_owner as, greeting g);
  void pack_device_token(codec::packer& p, const connection_owner& of) const;
  static void turn_away(const channel::peer_ptr& from, std::uint32_t msgid, const error& why);

  const gateway_services& services_;
  bool trusted_;
};

}  // namespace switchboard
