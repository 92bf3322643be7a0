#include "tools/switchboard-channel/push_command.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tools/switchboard-channel/event_text.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

namespace asio = boost::asio;

/// More than any request may have: a frame holds 16 MiB at the most.
constexpr std::size_t longest_line = 16u << 20;
/// Between two requests at the slowest rate.
constexpr double longest_pause_s = 86'400;

/// The next line, without its end; of one that is too long only the beginning is kept.
bool next_line(std::istream& in, std::string& line) {
  line.clear();
  auto* from = in.rdbuf();
  for (int c; (c = from->sbumpc()) != std::istream::traits_type::eof();) {
    if (c == '\n') return true;
    if (line.size() <= longest_line) line += static_cast<char>(c);
  }
  in.setstate(std::ios::eofbit);
  return !line.empty();
}

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
    if (!x_trouble.empty() && !all_taken()) {
      auto line = x_progress.go_on_at(x_number);
      std::fprintf(stderr,
                   "switchboard-channel: not answered: %zu; go on with --from-line %zu (what was taken "
                   "is not taken twice)\n",
                   x_progress.under_way(), std::max(line, x_options.from_line));
    }
    return x_trouble.empty() && x_refused == 0 && x_unreadable == 0 ? 0 : 1;
  }

  void stop(std::string why) {
    if (x_trouble.empty()) x_trouble = std::move(why);
    x_io.stop();
  }

 private:
  bool stopped() const { return !x_trouble.empty(); }
  bool all_taken() const { return x_read_all && x_progress.under_way() == 0; }
  bool window_open() const { return x_progress.under_way() < x_options.window; }

  void send_some() {
    if (x_options.rate > 0) return send_at_rate();
    while (!stopped() && !x_read_all && window_open()) send_next();
    finish_if_done();
  }

  void send_at_rate() {
    if (stopped()) return;
    if (window_open()) send_next();
    if (x_read_all) return finish_if_done();
    auto pause = std::min(1 / x_options.rate, longest_pause_s);
    x_pause.expires_after(std::chrono::microseconds(static_cast<long>(1e6 * pause)));
    x_pause.async_wait([this](const auto& ec) {
      if (!ec) send_at_rate();
    });
  }

  void send_next() {
    for (std::string line; next_line(x_in, line);) {
      ++x_number;
      if (line.empty() || x_number < x_options.from_line) continue;
      auto request = request_of(line, x_options.channel);
      if (!request) {
        ++x_unreadable;
        std::fprintf(stderr, "%s:%zu: %s\n", x_options.file.c_str(), x_number,
                     terminal::printable(request.error()).c_str());
      } else if (request->empty()) {
        ++x_skipped;
      } else {
        push(*request, x_number);
        return;
      }
    }
    x_read_all = true;
  }

  void push(const json& request, std::size_t line) {
    ++x_pushed;
    x_progress.sent(line);
    auto id = text_at(request, "request_id");
    x_line.call("session.open", request, [this, id, line](const result<json>& how) {
      // No answer: whether it was taken nobody knows, and the next run asks again.
      if (!how && no_answer(how.error())) return stop("line " + std::to_string(line) + ": " + client::text_of(how.error()));
      x_progress.answered(line);
      on_answer(id, how);
      if (stopped()) return;
      x_options.rate > 0 ? finish_if_done() : send_some();
    });
  }

  static bool no_answer(const error& why) {
    return why.code == errc::unavailable || why.code == errc::deadline_exceeded;
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
                  if (!done && !stopped())
                    stop("session.subscribe: " + client::text_of(done.error()));
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
    if (all_taken() && x_live.empty()) x_io.stop();
  }

  asio::io_context& x_io;
  const push_options& x_options;
  std::istream& x_in;
  asio::steady_timer x_pause;
  client::json_client x_line;
  std::set<std::string> x_live;
  push_progress x_progress;
  std::size_t x_number = 0;
  std::size_t x_pushed = 0, x_taken = 0, x_refused = 0, x_unreadable = 0, x_skipped = 0;
  bool x_read_all = false;
  std::string x_trouble;
};

}  // namespace

tl::expected<json, std::string> request_of(const std::string& line, const std::string& channel) {
  if (line.size() > longest_line)
    return tl::unexpected("longer than " + std::to_string(longest_line >> 20) + " MiB");
  // What comes of it is walked by recursion.
  constexpr int deepest = 32;
  bool too_deep = false;
  auto shallow = [&](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > deepest;
    return !too_deep;
  };
  auto request = json::parse(line, shallow, false);
  if (too_deep) return tl::unexpected("nested deeper than " + std::to_string(deepest));
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
    if (!ec) push.stop("stopped by a signal");
  });
  push.start();
  io.run();
  return push.summary();
}

}  // namespace switchboard::channel_tool
