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
  auto& last = last_[session];
  if (seq <= last) return verdict::repeated;
  if (prev > last) return verdict::gap;
  last = seq;
  return verdict::next;
}

std::uint64_t reading_place::last(const std::string& session) const {
  auto at = last_.find(session);
  return at == last_.end() ? 0 : at->second;
}

chat_line::chat_line(boost::asio::io_context& io, client::connection_options where,
                     client::identity who, callbacks call)
    : io_(io),
      where_(std::move(where)),
      who_(std::move(who)),
      call_(std::move(call)),
      again_(io),
      key_prefix_(random_prefix()) {}

std::string chat_line::fresh_key() {
  return key_prefix_ + '-' + std::to_string(++keys_);
}

void chat_line::connect() {
  client_ = std::make_unique<client::json_client>(io_, where_, who_);
  client_->start([this](std::string_view method, const json& params) { on_push(method, params); },
                 [this](const error& why) { on_lost(why.message); },
                 [this](const result<json>& hello) {
                   if (!hello) {
                     auto& why = hello.error();
                     if (worth_again(why.code)) return on_lost(why.message);
                     return call_.refused(client::text_of(why));
                   }
                   open_ = true;
                   failures_ = 0;
                   filling_.clear();
                   call_.ready();
                   for (auto& [session, last] : place_.all()) follow(session);
                   for (auto& message : unanswered_) transmit(message);
                 });
}

// May be called from within the lost client's own callback, so that it lives on until replaced.
void chat_line::on_lost(const std::string& why) {
  open_ = false;
  if (failures_++ == 0) call_.notice("no connection (" + why + "); trying again ...");
  auto pause = std::chrono::milliseconds{std::min(5'000, 250 << std::min(failures_, 5))};
  again_.expires_after(pause);
  again_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) connect();
  });
}

void chat_line::call(const std::string& method, const json& params,
                     std::function<void(const json&)> done, std::function<void()> failed) {
  auto refuse = [this, typed = typed_, failed = std::move(failed)](const std::string& why) {
    call_.notice(why);
    if (failed) failed();
    if (!typed.empty()) call_.put_back(typed);
  };
  if (!open_) return refuse("not connected; try again in a moment");
  client_->call(method, params, [method, done = std::move(done), refuse](const result<json>& how) {
    if (!how) return refuse(method + ": " + client::text_of(how.error()));
    if (done) done(*how);
  });
}

void chat_line::notify(const std::string& method, const json& params) {
  if (open_) client_->notify(method, params);
}

void chat_line::send(const std::string& session, const std::string& text) {
  send(session, "text", {{"text", text}});
}

void chat_line::send(const std::string& session, const std::string& type, const json& body) {
  unanswered message;
  message.key = fresh_key();
  message.params = {
      {"session_id", session}, {"client_msg_id", message.key}, {"type", type}, {"body", body}};
  message.typed = typed_;
  unanswered_.push_back(message);
  if (open_) {
    transmit(message);
  } else {
    call_.notice("not connected; the message goes out as soon as the line is back");
  }
}

void chat_line::transmit(const unanswered& message) {
  client_->call("session.send", message.params,
                [this, key = message.key, typed = message.typed](const result<json>& how) {
                  if (!how && worth_again(how.error().code)) return;
                  std::erase_if(unanswered_, [&](auto& m) { return m.key == key; });
                  if (how) return;
                  call_.notice("not sent: " + client::text_of(how.error()));
                  if (!typed.empty()) call_.put_back(typed);
                });
}

void chat_line::follow(const std::string& session) {
  if (!open_) return;
  filling_[session] = true;
  json params{{"session_id", session}, {"after", place_.last(session)}};
  client_->call("session.subscribe", params, [this, session](const result<json>& how) {
    filling_[session] = false;
    if (!how && !worth_again(how.error().code))
      call_.notice("session.subscribe: " + client::text_of(how.error()));
  });
}

void chat_line::on_push(std::string_view method, const json& params) {
  if (method != "session.event") return call_.push(std::string(method), params);
  auto session = text_at(params, "session_id");
  auto seq = number_at(params, "seq");
  if (seq == 0) return call_.event(params);
  switch (place_.take(session, seq, number_at(params, "prev"))) {
    case reading_place::verdict::next:
      return call_.event(params);
    case reading_place::verdict::repeated:
      return;
    case reading_place::verdict::gap:
      if (!filling_[session]) follow(session);
  }
}

}  // namespace switchboard::channel_tool
