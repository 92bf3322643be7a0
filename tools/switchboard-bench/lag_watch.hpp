#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json_fwd.hpp>

namespace switchboard::bench {

/// Looks at a daemon's journal twice a second through its control socket, on the load's own
/// io_context: how far the projector is behind. Without a socket it sees nothing.
class lag_watch {
 public:
  lag_watch(boost::asio::io_context& io, const std::string& control_socket);
  ~lag_watch();
  lag_watch(const lag_watch&) = delete;
  lag_watch& operator=(const lag_watch&) = delete;

  /// {most_events, last_events, refusing}: `refusing` counts the looks at which new work was
  /// refused.
  nlohmann::json summary() const;

 private:
  struct watching;
  std::shared_ptr<watching> watching_;
};

}  // namespace switchboard::bench
