#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/client/json_client.hpp"

namespace switchboard::channel_tool {

using client::json;

/// Where a reader stands in each session, by which it knows what it has had and what it misses.
/// Pure; not thread-safe.
class reading_place {
 public:
  enum class verdict { next, repeated, gap };

  /// Judges a stored event, and moves on where it is the next one.
  verdict take(const std::string& session, std::uint64_t seq, std::uint64_t prev);
  std::uint64_t last(const std::string& session) const;
  const std::map<std::string, std::uint64_t>& all() const { return last_; }

 private:
  std::map<std::string, std::uint64_t> last_;
};

/// A line to the daemon that is taken up again when it breaks: each session's events go on after
/// the last one seen, and messages without an answer are sent again under their own keys, so that
/// nothing is missed and nothing doubled. One thread, the io_context's.
class chat_line {
 public:
  struct callbacks {
    /// Logged in, for the first time or again.
    std::function<void()> ready;
    /// An event to show, once and in order.
    std::function<void(const json& event)> event;
    /// Any other push.
    std::function<void(const std::string& method, const json& params)> push;
    /// Something to tell the user.
    std::function<void(const std::string& text)> notice;
    /// The daemon will not have us.
    std::function<void(const std::string& why)> refused;
    /// What was typed came to nothing.
    std::function<void(const std::string& typed)> put_back;
  };

  chat_line(boost::asio::io_context& io, client::connection_options where, client::identity who,
            callbacks call);

  void start() { connect(); }
  /// What is called and sent from now on is for this typed line, which is given back if it is
  /// refused; empty: for none.
  void caused_by(std::string typed) { typed_ = std::move(typed); }
  /// An error is told to the user and to `failed`, `done` gets answers only.
  void call(const std::string& method, const json& params,
            std::function<void(const json&)> done = {}, std::function<void()> failed = {});
  void notify(const std::string& method, const json& params);
  void send(const std::string& session, const std::string& text);
  /// The same with any type of message.
  void send(const std::string& session, const std::string& type, const json& body);
  /// Follows a session from where this reader stands.
  void follow(const std::string& session);
  /// Fits a message or request that nobody else sends.
  std::string fresh_key();
  bool open() const { return open_; }
  const client::identity& who() const { return who_; }

 private:
  struct unanswered {
    std::string key;
    json params;
    std::string typed;
  };

  void connect();
  void on_lost(const std::string& why);
  void on_push(std::string_view method, const json& params);
  void transmit(const unanswered& message);

  boost::asio::io_context& io_;
  client::connection_options where_;
  client::identity who_;
  callbacks call_;
  std::unique_ptr<client::json_client> client_;
  boost::asio::steady_timer again_;
  int failures_ = 0;
  bool open_ = false;
  reading_place place_;
  std::map<std::string, bool> filling_;
  std::deque<unanswered> unanswered_;
  std::string key_prefix_, typed_;
  std::uint64_t keys_ = 0;
};

}  // namespace switchboard::channel_tool
