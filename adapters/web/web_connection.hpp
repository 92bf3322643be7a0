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

/// One client. On the listener's thread; requests are answered one after the other, and while one
/// is, nothing more is read.
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
  const std::string& address() const { return address_; }
  /// Whether it may be ended for another: it has had its answer, or has done nothing for a while
  /// that brings one.
  bool may_give_way(std::chrono::steady_clock::time_point now) const;
  /// Smaller: longer without a whole request. Connections that have had none go in the order they
  /// came.
  std::uint64_t waits_since() const { return waits_since_; }

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

  const std::shared_ptr<web_core> core_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  const std::string address_;
  std::uint64_t waits_since_;
  /// Since when nothing comes of it; begins anew with each request, answer, and piece of an answer
  /// that is taken.
  std::chrono::steady_clock::time_point still_since_ = std::chrono::steady_clock::now();
  request_reader reader_;
  state state_ = state::reading;
  /// Of the request at hand, so that late answers are known.
  std::uint64_t number_ = 0;
  std::uint64_t armed_ = 0;
  std::size_t served_ = 0;
  bool deadline_runs_ = false, body_deadline_runs_ = false;
  framing framing_;
  char in_[4096];
  std::string out_;
  std::size_t written_ = 0;
  std::chrono::steady_clock::time_point write_by_;
};

}  // namespace switchboard::web
