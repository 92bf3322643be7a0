#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/web/request_reader.hpp"
#include "adapters/web/response_text.hpp"
#include "adapters/web/router.hpp"
#include "adapters/web/web_options.hpp"

/// INTERNAL to the listener.
namespace switchboard::web {

class web_connection;

/// What the connections of a listener share. Everything but the counters belongs to its one thread.
struct web_core {
  web_core(web_options o, router r) : options(std::move(o)), routes(std::move(r)) {}
  virtual ~web_core() = default;
  virtual void gone(web_connection& c) = 0;
  /// Others wait for a place.
  virtual bool crowded() const = 0;

  const web_options options;
  const router routes;
  web_counters counters;
  boost::asio::io_context io{1};
};

/// One client. On the listener's thread; requests are answered one after the other, and while one is, nothing more is
/// read.
///
///   reading --whole request--> answering --answer--> writing --> reading ...
///      |bad, late                 |late                 | the last, bad
///      +---------> writing        +--> writing          +--> lingering --> gone
class web_connection : public std::enable_shared_from_this<web_connection> {
 public:
  web_connection(std::shared_ptr<web_core> core, boost::asio::ip::tcp::socket socket,
                 std::string address);

  void start();
  void close();
  const std::string& address() const { return x_address; }
  /// Whether it may be ended for another: it has had its answer, or has done nothing for a while that brings one.
  bool may_give_way(std::chrono::steady_clock::time_point now) const;
  /// Smaller: longer without a whole request. Connections that have had none go in the order they came.
  std::uint64_t waits_since() const { return x_waits_since; }

 private:
  enum class state : std::uint8_t { reading, answering, writing, lingering, closed };

  void await_request();
  void read();
  void on_read(const boost::system::error_code& ec, std::size_t bytes);
  void consider(std::string_view bytes);
  void follow_begun();
  void serve();
  void refuse(unsigned status, const std::string& why);
  void answered(std::uint64_t of, response what);
  void respond(const response& what);
  void write();
  void on_written(const boost::system::error_code& ec, std::size_t bytes);
  void linger();
  void drain();
  void arm(millis within);
  void on_time(std::uint64_t armed);

  const std::shared_ptr<web_core> x_core;
  boost::asio::ip::tcp::socket x_socket;
  boost::asio::steady_timer x_timer;
  const std::string x_address;
  std::uint64_t x_waits_since;
  /// Since when nothing comes of it; begins anew with each request, answer, and piece of an answer that is taken.
  std::chrono::steady_clock::time_point x_still_since = std::chrono::steady_clock::now();
  request_reader x_reader;
  state x_state = state::reading;
  /// Of the request at hand, so that late answers are known.
  std::uint64_t x_number = 0;
  std::uint64_t x_armed = 0;
  std::size_t x_served = 0;
  bool x_deadline_runs = false, x_body_deadline_runs = false;
  framing x_framing;
  char x_in[4096];
  std::string x_out;
  std::size_t x_written = 0;
  std::chrono::steady_clock::time_point x_write_by;
};

}  // namespace switchboard::web
