#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/client/client_connection.hpp"

namespace switchboard::client {

/// Who a client says it is in `hello`.
struct identity {
  std::string role = "channel";
  std::string id;
  std::string token;
};

/// A connection with a thread of its own, for callers that like to wait. Thread-safe: many threads
/// may have calls outstanding. Callbacks of the asynchronous calls and notifications run on its
/// thread, and must not wait for other calls there.
class rpc_client {
 public:
  using on_packed = std::function<void(result<std::string>)>;
  using on_notification = client_connection::on_notification;

  explicit rpc_client(connection_options options);
  /// Closes; outstanding calls fail `unavailable`.
  ~rpc_client();
  rpc_client(const rpc_client&) = delete;
  rpc_client& operator=(const rpc_client&) = delete;

  /// Before `connect`.
  void set_on_notification(on_notification call);
  void set_on_close(std::function<void(const error& why)> call);

  result<void> connect();
  /// The server's answer, packed.
  result<std::string> hello(const identity& who, millis timeout = millis{5'000});
  /// `params` is one packed map; the answer is one packed value.
  result<std::string> call(std::string_view method, std::string_view params,
                           millis timeout = millis{15'000});
  void call_async(std::string method, std::string params, on_packed done,
                  millis timeout = millis{15'000});
  void notify(std::string method, std::string params);
  void close();
  bool open() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// The params map of `hello`.
std::string pack_hello(const identity& who);

}  // namespace switchboard::client
