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
      : io_(io),
        options_(options),
        in_(in),
        pause_(io),
        line_(io, options.where, {"channel", options.channel, options.token}) {}

  void start() {
    line_.start(
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
                pushed_, taken_, refused_, unreadable_, skipped_);
    if (!trouble_.empty()) {
      std::fprintf(stderr, "switchboard-channel: %s\n", terminal::printable(trouble_).c_str());
    }
    if (!trouble_.empty() && !all_taken()) {
      auto line = progress_.go_on_at(number_);
      std::fprintf(
          stderr,
          "switchboard-channel: not answered: %zu; go on with --from-line %zu (what was taken "
          "is not taken twice)\n",
          progress_.under_way(), std::max(line, options_.from_line));
    }
    return trouble_.empty() && refused_ == 0 && unreadable_ == 0 ? 0 : 1;
  }

  void stop(std::string why) {
    if (trouble_.empty()) trouble_ = std::move(why);
    io_.stop();
  }

 private:
  bool stopped() const { return !trouble_.empty(); }
  bool all_taken() const { return read_all_ && progress_.under_way() == 0; }
  bool window_open() const { return progress_.under_way() < options_.window; }

  void send_some() {
    if (options_.rate > 0) return send_at_rate();
    while (!stopped() && !read_all_ && window_open()) send_next();
    finish_if_done();
  }

  void send_at_rate() {
    if (stopped()) return;
    if (window_open()) send_next();
    if (read_all_) return finish_if_done();
    auto pause = std::min(1 / options_.rate, longest_pause_s);
    pause_.expires_after(std::chrono::microseconds(static_cast<long>(1e6 * pause)));
    pause_.async_wait([this](const auto& ec) {
      if (!ec) send_at_rate();
    });
  }

  void send_next() {
    for (std::string line; next_line(in_, line);) {
      ++number_;
      if (line.empty() || number_ < options_.from_line) continue;
      auto request = request_of(line, options_.channel);
      if (!request) {
        ++unreadable_;
        std::fprintf(stderr, "%s:%zu: %s\n", options_.file.c_str(), number_,
                     terminal::printable(request.error()).c_str());
      } else if (request->empty()) {
        ++skipped_;
      } else {
        push(*request, number_);
        return;
      }
    }
    read_all_ = true;
  }

  void push(const json& request, std::size_t line) {
    ++pushed_;
    progress_.sent(line);
    auto id = text_at(request, "request_id");
    line_.call("session.open", request, [this, id, line](const result<json>& how) {
      // No answer: whether it was taken nobody knows, and the next run asks again.
      if (!how && no_answer(how.error()))
        return stop("line " + std::to_string(line) + ": " + client::text_of(how.error()));
      progress_.answered(line);
      on_answer(id, how);
      if (stopped()) return;
      options_.rate > 0 ? finish_if_done() : send_some();
    });
  }

  static bool no_answer(const error& why) {
    return why.code == errc::unavailable || why.code == errc::deadline_exceeded;
  }

  void on_answer(const std::string& id, const result<json>& how) {
    if (!how) {
      ++refused_;
      std::printf("%s  refused  %s\n", terminal::printable(id).c_str(),
                  terminal::printable(client::text_of(how.error())).c_str());
      return;
    }
    ++taken_;
    auto session = text_at(*how, "session_id");
    std::printf("%s  %s  %s\n", terminal::printable(id).c_str(), session.c_str(),
                text_at(*how, "state").c_str());
    if (!options_.follow || !live_.insert(session).second) return;
    line_.call("session.subscribe", {{"session_id", session}, {"after", 0}},
               [this, session](const result<json>& done) {
                 if (!done && !stopped())
                   stop("session.subscribe: " + client::text_of(done.error()));
               });
  }

  void on_event(const json& event) {
    auto session = text_at(event, "session_id");
    std::printf("%s  %s\n", session.c_str(), event_line(event, line_.who()).c_str());
    std::fflush(stdout);
    if (text_at(event, "type") != "closed") return;
    live_.erase(session);
    finish_if_done();
  }

  void finish_if_done() {
    if (all_taken() && live_.empty()) io_.stop();
  }

  asio::io_context& io_;
  const push_options& options_;
  std::istream& in_;
  asio::steady_timer pause_;
  client::json_client line_;
  std::set<std::string> live_;
  push_progress progress_;
  std::size_t number_ = 0;
  std::size_t pushed_ = 0, taken_ = 0, refused_ = 0, unreadable_ = 0, skipped_ = 0;
  bool read_all_ = false;
  std::string trouble_;
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
