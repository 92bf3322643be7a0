#include "tools/switchboardctl/control_client.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>

#include "adapters/client/rpc_client.hpp"

namespace switchboard::ctl {
namespace {

constexpr std::array places{"data/control.sock", "data/demo/control.sock",
                            "/run/switchboard/control.sock"};

failure cannot_connect(const std::string& socket, const error& why) {
  auto text = "no daemon answers at " + socket + ": " + why.message;
  if (why.code == errc::deadline_exceeded)
    return {exit_code::timed_out, "deadline_exceeded", text, {}};
  return {exit_code::cannot_connect, "unavailable", text, {}};
}

}  // namespace

std::string default_socket() {
  if (const char* named = std::getenv("SWITCHBOARD_SOCKET"); named && *named) return named;
  std::error_code ignored;
  for (auto* place : places) {
    if (std::filesystem::exists(place, ignored)) return place;
  }
  return places.back();
}

control_client::control_client(std::unique_ptr<client::rpc_client> rpc, millis timeout)
    : x_rpc(std::move(rpc)), x_timeout(timeout) {}
control_client::~control_client() = default;
control_client::control_client(control_client&&) noexcept = default;
control_client& control_client::operator=(control_client&&) noexcept = default;

tl::expected<control_client, failure> control_client::connect(const control_options& options) {
  auto socket = options.socket.empty() ? default_socket() : options.socket;
  client::connection_options to;
  to.unix_path = socket;
  to.connect_timeout = options.timeout;
  auto rpc = std::make_unique<client::rpc_client>(to);
  if (auto done = rpc->connect(); !done) {
    return tl::unexpected(cannot_connect(socket, done.error()));
  }
  if (auto hello = rpc->hello({"admin", "local", ""}, options.timeout); !hello) {
    return tl::unexpected(cannot_connect(socket, hello.error()));
  }
  return control_client(std::move(rpc), options.timeout);
}

tl::expected<json, failure> control_client::call(const std::string& method, const json& params) {
  auto bytes = json::to_msgpack(params);
  auto answer =
      x_rpc->call(method, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, x_timeout);
  if (!answer) return tl::unexpected(failure_of(answer.error()));
  auto read = json::from_msgpack(*answer, true, false);
  if (read.is_discarded()) {
    return tl::unexpected(
        failure{exit_code::failed, "internal", "the answer is not readable", {}, {}});
  }
  return read;
}

}  // namespace switchboard::ctl
