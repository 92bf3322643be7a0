#include "tools/switchboard-bench/lag_watch.hpp"

#include <algorithm>

#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "tools/switchboard-bench/wire_session.hpp"

namespace switchboard::bench {

struct lag_watch::watching : std::enable_shared_from_this<watching> {
  explicit watching(boost::asio::io_context& io) : timer(io) {}

  void look() {
    connection->call("admin.status", std::string(1, '\x80'),
                     [self = shared_from_this()](const auto& answer) {
                       if (answer) self->note(**answer);
                     });
    timer.expires_after(std::chrono::milliseconds(500));
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
      if (!ec) self->look();
    });
  }

  void note(const msgpack::object& status) {
    auto* journal = map_of(status, "journal");
    if (!journal) return;
    std::uint64_t last = 0, projected = 0;
    for (auto& kv : journal->via.map) {
      auto key = kv.key.as<std::string_view>();
      if (key == "last") last = kv.val.as<std::uint64_t>();
      if (key == "projected") projected = kv.val.as<std::uint64_t>();
      if (key == "admission" && !kv.val.as<bool>()) ++refusing;
    }
    behind = last - std::min(last, projected);
    most = std::max(most, behind);
  }

  boost::asio::steady_timer timer;
  std::shared_ptr<client::client_connection> connection;
  std::uint64_t behind = 0, most = 0, refusing = 0;
};

lag_watch::lag_watch(boost::asio::io_context& io, const std::string& control_socket) {
  if (control_socket.empty()) return;
  watching_ = std::make_shared<watching>(io);
  client::connection_options options;
  options.unix_path = control_socket;
  watching_->connection = connected(io, options, {"admin", "bench", ""});
  watching_->look();
}

lag_watch::~lag_watch() {
  if (!watching_) return;
  watching_->timer.cancel();
  watching_->connection->close();
}

nlohmann::json lag_watch::summary() const {
  if (!watching_) return {};
  return {{"most_events", watching_->most},
          {"last_events", watching_->behind},
          {"refusing", watching_->refusing}};
}

}  // namespace switchboard::bench
