#include "tools/switchboard-channel/push_command.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

namespace asio = boost::asio;

/// Reads, sends and counts; one thread.
class pusher {
 public:
  pusher(asio::io_context& io, const push_options& options, std::istream& in)
      : x_io(io),
        x_options(options),
        x_in(in),
        x_pause(io),
        x_line(io, options.where, {"channel", options.channel, options.token}) {}

  void start() {
    x_line.start(
        [this](std::string_view method, const json& params) {
          if (method == "session.event") on_event(params);
        },
        [this](const error& why) { stop("the connection was lost: " + why.message); },
        [this](const result<json>& hello) {
          if (!hello) return stop(client::text_of(hello.error()));
          send_some();
        });
  }

  int summary() const {
    std::printf("%zu pushed, %zu taken, %zu refused, %zu unreadable, %zu of other channels\n",
                x_pushed, x_taken, x_refused, x_unreadable, x_skipped);
    if (!x_trouble.empty()) {
      std::fprintf(stderr, "switchboard-channel: %s\n", terminal::printable(x_trouble).c_str());
    }
    return x_trouble.empty() && x_refused == 0 && x_unreadable == 0 ? 0 : 1;
  }

 private:
  void stop(std::string why) {
    if (x_trouble.empty()) x_trouble = std::move(why);
    x_io.stop();
  }

  void send_some() {
    if (x_options.rate > 0) return send_at_rate();
    while (!x_read_all && x_outstanding < x_options.window) send_next();
    finish_if_done();
  }

  void send_at_rate() {
    if (x_outstanding < x_options.window) send_next();
    if (x_read_all) return finish_if_done();
    x_pause.expires_after(std::chrono::microseconds(static_cast<long>(1e6 / x_options.rate)));
    x_pause.async_wait([this](const auto& ec) {
      if (!ec) send_at_rate();
    });
  }

  void send_next() {
    for (std::string line; std::getline(x_in, line);) {
      ++x_number;
      if (line.empty()) continue;
      auto request = request_of(line, x_options.channel);
      if (!request) {
        ++x_unreadable;
        std::fprintf(stderr, "%s:%zu: %s\n", x_options.file.c_str(), x_number,
                     terminal::printable(request.error()).c_str());
      } else if (request->empty()) {
        ++x_skipped;
      } else {
        push(*request);
        return;
      }
    }
    x_read_all = true;
  }

  void push(const json& request) {
    ++x_pushed;
    ++x_outstanding;
    auto id = text_at(request, "request_id");
    x_line.call("session.open", request, [this, id](const result<json>& how) {
      --x_outstanding;
      on_answer(id, how);
      x_options.rate > 0 ? finish_if_done() : send_some();
    });
  }

  void on_answer(const std::string& id, const result<json>& how) {
    if (!how) {
      ++x_refused;
      std::printf("%s  refused  %s\n", terminal::printable(id).c_str(),
                  terminal::printable(client::text_of(how.error())).c_str());
      return;
    }
    ++x_taken;
    auto session = text_at(*how, "session_id");
    std::printf("%s  %s  %s\n", terminal::printable(id).c_str(), session.c_str(),
                text_at(*how, "state").c_str());
    if (!x_options.follow || !x_live.insert(session).second) return;
    x_line.call("session.subscribe", {{"session_id", session}, {"after", 0}},
                [this, session](const result<json>& done) {
                  if (!done) stop("session.subscribe: " + client::text_of(done.error()));
                });
  }

  void on_event(const json& event) {
    auto session = text_at(event, "session_id");
    std::printf("%s  %s\n", session.c_str(), event_line(event, x_line.who()).c_str());
    std::fflush(stdout);
    if (text_at(event, "type") != "closed") return;
    x_live.erase(session);
    finish_if_done();
  }

  void finish_if_done() {
    if (x_read_all && x_outstanding == 0 && x_live.empty()) x_io.stop();
  }

  asio::io_context& x_io;
  const push_options& x_options;
  std::istream& x_in;
  asio::steady_timer x_pause;
  client::json_client x_line;
  std::set<std::string> x_live;
  std::size_t x_number = 0, x_outstanding = 0;
  std::size_t x_pushed = 0, x_taken = 0, x_refused = 0, x_unreadable = 0, x_skipped = 0;
  bool x_read_all = false;
  std::string x_trouble;
};

}  // namespace

tl::expected<json, std::string> request_of(const std::string& line, const std::string& channel) {
  auto request = json::parse(line, nullptr, false);
  if (!request.is_object()) return tl::unexpected(std::string("no JSON object"));
  auto of = text_at(request, "channel");
  if (!of.empty() && of != channel) return json::object();
  if (text_at(request, "request_id").empty())
    return tl::unexpected(std::string("request_id: missing"));
  if (text_at(part_at(request, "customer"), "id").empty())
    return tl::unexpected(std::string("customer.id: missing"));
  auto turns = request.find("turns");
  if (!request.contains("message") && turns != request.end() && turns->is_array() &&
      !turns->empty()) {
    request["message"] = {{"client_msg_id", text_at(request, "request_id") + "-0"},
                          {"type", "text"},
                          {"body", {{"text", text_at(turns->front(), "text")}}}};
  }
  for (auto* not_sent : {"turns", "rating", "channel"}) request.erase(not_sent);
  return request;
}

int run_push(const push_options& options) {
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file);
    if (!file) {
      std::fprintf(stderr, "switchboard-channel: %s: cannot be read\n", options.file.c_str());
      return 1;
    }
  }
  asio::io_context io{1};
  pusher push(io, options, options.file == "-" ? std::cin : file);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const auto& ec, int) {
    if (!ec) io.stop();
  });
  push.start();
  io.run();
  return push.summary();
}

}  // namespace switchboard::channel_tool
