#include "adapters/client/json_client.hpp"

#include <msgpack.hpp>

#include "runtime/codec/params.hpp"

namespace switchboard::client {

std::string packed_json(const json& value) {
  auto bytes = json::to_msgpack(value);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

json unpacked_json(std::string_view packed) {
  return json::from_msgpack(packed, true, false);
}

json_client::json_client(boost::asio::io_context& io, connection_options options, identity who)
    : connection_(client_connection::create(io, std::move(options))), who_(std::move(who)) {}

json_client::~json_client() {
  // Callbacks belong to an owner who may be gone before the connection is.
  connection_->set_on_notification(nullptr);
  connection_->set_on_close(nullptr);
  connection_->close();
}

void json_client::start(on_push push, std::function<void(const error&)> lost, on_answer done) {
  connection_->set_on_notification(
      [push = std::move(push)](std::string_view method, const msgpack::object& params) {
        push(method, unpacked_json(codec::packed(params)));
      });
  connection_->set_on_close(std::move(lost));
  // The owner outlives its callbacks: the destructor fails or drops them all before it returns.
  connection_->connect([this, done = std::move(done)](const result<void>& how) {
    if (!how) return done(tl::unexpected<error>(how.error()));
    connection_->call(
        "hello", pack_hello(who_),
        [done](const client_connection::answer& answer) {
          if (!answer) return done(tl::unexpected<error>(answer.error()));
          done(unpacked_json(codec::packed(**answer)));
        },
        millis{10'000});
  });
}

void json_client::call(std::string_view method, const json& params, on_answer done,
                       millis timeout) {
  connection_->call(
      method, packed_json(params),
      [done = std::move(done)](const client_connection::answer& answer) {
        if (!answer) return done(tl::unexpected<error>(answer.error()));
        done(unpacked_json(codec::packed(**answer)));
      },
      timeout);
}

void json_client::notify(std::string_view method, const json& params) {
  connection_->notify(method, packed_json(params));
}

void json_client::close() {
  connection_->close();
}

std::string text_of(const error& why) {
  auto text = std::string(to_string(why.code)) + ": " + why.message;
  if (!why.detail_name.empty()) {
    text += " (" + why.detail_name + ' ' + std::to_string(why.detail) + ')';
  }
  return text;
}

}  // namespace switchboard::client
