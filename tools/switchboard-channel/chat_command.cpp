#include "tools/switchboard-channel/chat_command.hpp"

#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "tools/switchboard-channel/agent_chat.hpp"
#include "tools/switchboard-channel/customer_chat.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr int refused_code = 1;
/// How long what was typed last has for its answer where the input has ended.
constexpr std::chrono::milliseconds last_words{800};

/// Wires one kind of chat to its line and the terminal.
template <class Chat> int converse(const chat_options& options, client::identity who) {
  boost::asio::io_context io{1};
  int code = 0;
  bool ready = false;
  std::vector<std::string> early;
  std::unique_ptr<Chat> chat;
  boost::asio::steady_timer farewell(io);
  chat_line* to = nullptr;
  auto typed = [&](const std::string& text) {
    to->caused_by(text);
    chat->on_typed(text);
    to->caused_by({});
  };
  line_editor screen(io, {[&](const std::string& text) {
                            if (text == "/quit") return io.stop();
                            // A pipe may be ahead of the connection.
                            ready ? typed(text) : early.push_back(text);
                          },
                          [&] {
                            farewell.expires_after(
                                screen.interactive() ? std::chrono::milliseconds{0} : last_words);
                            farewell.async_wait([&](const auto&) { io.stop(); });
                          }});
  chat_line line(io, options.where, std::move(who),
                 {[&] {
                    chat->on_ready();
                    ready = true;
                    for (auto& text : std::exchange(early, {})) typed(text);
                  },
                  [&](const json& event) { chat->on_event(event); },
                  [&](const std::string& method, const json& params) {
                    if constexpr (requires { chat->on_push(method, params); })
                      chat->on_push(method, params);
                  },
                  [&](const std::string& text) { screen.print("-- " + terminal::printable(text)); },
                  [&](const std::string& why) {
                    screen.print("-- refused: " + terminal::printable(why));
                    code = refused_code;
                    io.stop();
                  },
                  [&](const std::string& text) { screen.put_back(text); }});
  to = &line;
  chat = std::make_unique<Chat>(options, line, screen);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const auto& ec, int) {
    if (!ec) io.stop();
  });
  boost::asio::signal_set sizes(io, SIGWINCH);
  std::function<void()> watch_size = [&] {
    sizes.async_wait([&](const auto& ec, int) {
      if (ec) return;
      screen.resized();
      watch_size();
    });
  };
  watch_size();
  line.start();
  io.run();
  return code;
}

}  // namespace

int run_chat(const chat_options& options) {
  if (options.role == "agent")
    return converse<agent_chat>(options, {"agent", options.id, options.token});
  return converse<customer_chat>(options, {"channel", options.channel, options.token});
}

}  // namespace switchboard::channel_tool
