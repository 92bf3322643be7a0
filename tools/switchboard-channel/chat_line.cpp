#include "tools/switchboard-channel/chat_line.hpp"

#include <algorithm>
#include <random>

#include <boost/asio/post.hpp>

#include "tools/switchboard-channel/event_text.hpp"

namespace switchboard::channel_tool {
namespace {

std::string random_prefix() {
  std::random_device device;
  char text[20];
  std::snprintf(text, sizeof text, "%08x%08x", device(), device());
  return text;
}

bool worth_again(errc code) {
  return code == errc::unavailable || code == errc::deadline_exceeded;
}

}  // namespace

reading_place::verdict reading_place::take(const std::string& session, std::uint64_t seq,
                                           std::uint64_t prev) {
  auto& last = x_last[session];
  if (seq <= last) return verdict::repeated;
  if (prev > last) return verdict::gap;
  last = seq;
  return verdict::next;
}

std::uint64_t reading_place::last(const std::string& session) const {
  auto at = x_last.find(session);
  return at == x_last.end() ? 0 : at->second;
}

chat_line::chat_line(boost::asio::io_context& io, client::connection_options where,
                     client::identity who, callbacks call)
    : x_io(io),
      x_where(std::move(where)),
      x_who(std::move(who)),
      x_call(std::move(call)),
      x_again(io),
      x_key_prefix(random_prefix()) {}

std::string chat_line::fresh_key() {
  return x_key_prefix + '-' + std::to_string(++x_keys);
}

void chat_line::connect() {
  x_client = std::make_unique<client::json_client>(x_io, x_where, x_who);
  x_client->start([this](std::string_view method, const json& params) { on_push(method, params); },
                  [this](const error& why) { on_lost(why.message); },
                  [this](const result<json>& hello) {
                    if (!hello) {
                      auto& why = hello.error();
                      if (worth_again(why.code)) return on_lost(why.message);
                      return x_call.refused(client::text_of(why));
                    }
                    x_open = x_was_open = true;
                    x_failures = 0;
                    x_filling.clear();
                    x_call.ready();
                    for (auto& [session, last] : x_place.all()) follow(session);
                    for (auto& message : x_unanswered) transmit(message);
                  });
}

// May be called from within the lost client's own callback, so that it lives on until replaced.
void chat_line::on_lost(const std::string& why) {
  x_open = false;
  if (x_failures++ == 0) x_call.notice("no connection (" + why + "); trying again ...");
  auto pause = std::chrono::milliseconds{std::min(5'000, 250 << std::min(x_failures, 5))};
  x_again.expires_after(pause);
  x_again.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) connect();
  });
}

void chat_line::call(const std::string& method, const json& params,
                     std::function<void(const json&)> done) {
  if (!x_open) return x_call.notice("not connected; try again in a moment");
  x_client->call(method, params, [this, method, done = std::move(done)](const result<json>& how) {
    if (!how) return x_call.notice(method + ": " + client::text_of(how.error()));
    if (done) done(*how);
  });
}

void chat_line::notify(const std::string& method, const json& params) {
  if (x_open) x_client->notify(method, params);
}

void chat_line::send(const std::string& session, const std::string& text) {
  send(session, "text", {{"text", text}});
}

void chat_line::send(const std::string& session, const std::string& type, const json& body) {
  unanswered message;
  message.key = fresh_key();
  message.params = {
      {"session_id", session}, {"client_msg_id", message.key}, {"type", type}, {"body", body}};
  x_unanswered.push_back(message);
  if (x_open) {
    transmit(message);
  } else {
    x_call.notice("not connected; the message goes out as soon as the line is back");
  }
}

void chat_line::transmit(const unanswered& message) {
  x_client->call("session.send", message.params,
                 [this, key = message.key](const result<json>& how) {
                   if (!how && worth_again(how.error().code)) return;
                   std::erase_if(x_unanswered, [&](auto& m) { return m.key == key; });
                   if (!how) x_call.notice("not sent: " + client::text_of(how.error()));
                 });
}

void chat_line::follow(const std::string& session) {
  if (!x_open) return;
  x_filling[session] = true;
  json params{{"session_id", session}, {"after", x_place.last(session)}};
  x_client->call("session.subscribe", params, [this, session](const result<json>& how) {
    x_filling[session] = false;
    if (!how && !worth_again(how.error().code))
      x_call.notice("session.subscribe: " + client::text_of(how.error()));
  });
}

void chat_line::on_push(std::string_view method, const json& params) {
  if (method != "session.event") return x_call.push(std::string(method), params);
  auto session = text_at(params, "session_id");
  auto seq = number_at(params, "seq");
  if (seq == 0) return x_call.event(params);
  switch (x_place.take(session, seq, number_at(params, "prev"))) {
    case reading_place::verdict::next:
      return x_call.event(params);
    case reading_place::verdict::repeated:
      return;
    case reading_place::verdict::gap:
      if (!x_filling[session]) follow(session);
  }
}

}  // namespace switchboard::channel_tool
