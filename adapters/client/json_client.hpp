#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "adapters/client/client_connection.hpp"
#include "adapters/client/rpc_client.hpp"

namespace switchboard::client {

/// Objects keep the order in which the wire has them.
using json = nlohmann::ordered_json;

/// JSON as the wire's bytes, and back; `discarded` where the bytes are no MessagePack.
std::string packed_json(const json& value);
json unpacked_json(std::string_view packed);

/// One connection with a `hello`, in JSON values: for tools, where ease counts more than speed.
/// Everything, callbacks included, happens on the io_context's thread. A lost connection is not
/// taken up again: the owner makes another client.
class json_client {
 public:
  using on_answer = std::function<void(const result<json>&)>;
  using on_push = std::function<void(std::string_view method, const json& params)>;

  json_client(boost::asio::io_context& io, connection_options options, identity who);
  ~json_client();
  json_client(const json_client&) = delete;
  json_client& operator=(const json_client&) = delete;

  /// Connects and says hello; `done` gets hello's answer. Pushes come as soon as it was said.
  void start(on_push push, std::function<void(const error&)> lost, on_answer done);
  void call(std::string_view method, const json& params, on_answer done,
            millis timeout = millis{15'000});
  void notify(std::string_view method, const json& params);
  void close();
  bool open() const { return connection_->open(); }
  const identity& who() const { return who_; }

 private:
  std::shared_ptr<client_connection> connection_;
  identity who_;
};

/// "unavailable: connection lost" for people.
std::string text_of(const error& why);

}  // namespace switchboard::client
