#include "tools/switchboardctl/control_client.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "adapters/client/rpc_client.hpp"
#include "runtime/codec/params.hpp"
#include "tools/switchboardctl/language.hpp"

namespace switchboard::ctl {
namespace {

constexpr std::array places{"data/control.sock", "data/demo/control.sock",
                            "switchboard-data/control.sock", "switchboard-demo-data/control.sock",
                            "/run/switchboard/control.sock"};

failure cannot_connect(const std::string& socket, const error& why) {
  auto text = tr("no daemon answers at {}: {}", socket, why.message);
  if (why.code == errc::deadline_exceeded)
    return {exit_code::timed_out, "deadline_exceeded", text, {}};
  return {exit_code::cannot_connect, "unavailable", text, {}};
}

}  // namespace

outcome ask(control_client& daemon, const std::string& method, const json& params,
            std::string (*text)(const json&)) {
  auto answer = daemon.call(method, params);
  if (!answer) return tl::unexpected(answer.error());
  auto shown_as = text(*answer);
  return report{std::move(*answer), std::move(shown_as)};
}

std::string default_socket() {
  if (const char* named = std::getenv("SWITCHBOARD_SOCKET"); named && *named) return named;
  std::error_code ignored;
  for (auto* place : places) {
    if (std::filesystem::exists(place, ignored)) return place;
  }
  return places.back();
}

/// Notifications between the client's thread and the one that waits for them.
struct control_client::mailbox {
  std::mutex lock;
  std::condition_variable filled;
  std::deque<std::pair<std::string, json>> parts;

  void put(std::string_view method, const msgpack::object& params) {
    auto read = json::from_msgpack(codec::packed(params), true, false);
    {
      std::lock_guard hold(lock);
      parts.emplace_back(method, std::move(read));
    }
    filled.notify_one();
  }
  std::optional<std::pair<std::string, json>> take(millis patience) {
    std::unique_lock hold(lock);
    if (!filled.wait_for(hold, patience, [this] { return !parts.empty(); })) return {};
    auto first = std::move(parts.front());
    parts.pop_front();
    return first;
  }
};

control_client::control_client(std::unique_ptr<client::rpc_client> rpc,
                               std::shared_ptr<mailbox> mail, millis timeout)
    : rpc_(std::move(rpc)), mail_(std::move(mail)), timeout_(timeout) {}
control_client::~control_client() = default;
control_client::control_client(control_client&&) noexcept = default;
control_client& control_client::operator=(control_client&&) noexcept = default;

tl::expected<control_client, failure> control_client::connect(const control_options& options) {
  auto socket = options.socket.empty() ? default_socket() : options.socket;
  client::connection_options to;
  to.unix_path = socket;
  to.connect_timeout = options.timeout;
  auto rpc = std::make_unique<client::rpc_client>(to);
  auto mail = std::make_shared<mailbox>();
  rpc->set_on_notification([mail](std::string_view method, const msgpack::object& params) {
    mail->put(method, params);
  });
  if (auto done = rpc->connect(); !done) {
    return tl::unexpected(cannot_connect(socket, done.error()));
  }
  if (auto hello = rpc->hello({"admin", "local", ""}, options.timeout); !hello) {
    return tl::unexpected(cannot_connect(socket, hello.error()));
  }
  return control_client(std::move(rpc), std::move(mail), options.timeout);
}

tl::expected<json, failure> control_client::call(const std::string& method, const json& params,
                                                 millis patience) {
  auto bytes = json::to_msgpack(params);
  auto answer = rpc_->call(method, {reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                           std::max(timeout_, patience));
  if (!answer) return tl::unexpected(failure_of(answer.error()));
  auto read = json::from_msgpack(*answer, true, false);
  if (read.is_discarded()) {
    return tl::unexpected(
        failure{exit_code::failed, "internal", tr("the answer is not readable"), {}, {}});
  }
  return read;
}

tl::expected<json, failure> control_client::follow(const std::string& method, const json& params,
                                                   const on_part& each, millis patience) {
  auto begun = call(method, params);
  if (!begun) return begun;
  auto work = begun->value("work_id", std::string{});
  while (auto part = mail_->take(patience)) {
    auto& [name, what] = *part;
    if (!what.is_object() || what.value("work_id", std::string{}) != work) continue;
    if (name != "customer.done") {
      each(name, what);
      continue;
    }
    if (!what.contains("error")) return what;
    auto& why = what["error"];
    return tl::unexpected(failure{exit_code::failed,
                                  why.value("code", std::string("internal")),
                                  why.value("message", std::string{}),
                                  {},
                                  {}});
  }
  return tl::unexpected(
      failure{exit_code::timed_out, "deadline_exceeded", tr("the daemon went silent"), {}, {}});
}

}  // namespace switchboard::ctl
