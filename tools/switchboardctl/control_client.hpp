#pragma once

#include <functional>
#include <memory>
#include <string>

#include "runtime/base/clock.hpp"
#include "tools/switchboardctl/envelope.hpp"

namespace switchboard::client {
class rpc_client;
}

namespace switchboard::ctl {

struct control_options {
  /// Empty: see `default_socket`.
  std::string socket;
  millis timeout{5'000};
};

/// A conversation with a running daemon over its control socket, which the file's mode guards.
/// Calls wait. Not thread-safe.
class control_client {
 public:
  static tl::expected<control_client, failure> connect(const control_options& options);
  ~control_client();
  control_client(control_client&&) noexcept;
  control_client& operator=(control_client&&) noexcept;

  /// Waits for the timeout, or for `patience` where that is longer.
  tl::expected<json, failure> call(const std::string& method, const json& params,
                                   millis patience = millis{0});

  /// A call whose answer is a `work_id`: `each` gets the notifications that carry it, in order, up
  /// to the last, which is the answer here. A silence longer than `patience` ends it.
  using on_part = std::function<void(const std::string& method, const json& params)>;
  tl::expected<json, failure> follow(const std::string& method, const json& params,
                                     const on_part& each, millis patience = millis{200'000});

 private:
  struct mailbox;
  control_client(std::unique_ptr<client::rpc_client> rpc, std::shared_ptr<mailbox> mail,
                 millis timeout);
  std::unique_ptr<client::rpc_client> rpc_;
  std::shared_ptr<mailbox> mail_;
  millis timeout_;
};

/// The daemon's answer, and what people are shown of it.
outcome ask(control_client& daemon, const std::string& method, const json& params,
            std::string (*text)(const json&));

/// $SWITCHBOARD_SOCKET; else the first that is there: data/control.sock, data/demo/control.sock,
/// switchboard-data/control.sock, switchboard-demo-data/control.sock (below the working folder),
/// /run/switchboard/control.sock.
std::string default_socket();

}  // namespace switchboard::ctl
