#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <msgpack.hpp>

#include "adapters/client/client_connection.hpp"
#include "adapters/client/rpc_client.hpp"
#include "runtime/codec/pack.hpp"

/// Small steps every load has in common.
namespace switchboard::bench {

using steady = std::chrono::steady_clock;

inline std::int64_t micros_since(steady::time_point t) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - t).count();
}

inline std::string_view text_of(const msgpack::object& map, std::string_view key) {
  if (map.type != msgpack::type::MAP) return {};
  for (auto& kv : map.via.map) {
    if (std::string_view(kv.key.via.str.ptr, kv.key.via.str.size) == key &&
        kv.val.type == msgpack::type::STR) {
      return {kv.val.via.str.ptr, kv.val.via.str.size};
    }
  }
  return {};
}

/// 0 where there is no such number.
inline std::int64_t number_of(const msgpack::object& map, std::string_view key) {
  if (map.type != msgpack::type::MAP) return 0;
  for (auto& kv : map.via.map) {
    if (std::string_view(kv.key.via.str.ptr, kv.key.via.str.size) == key &&
        kv.val.type == msgpack::type::POSITIVE_INTEGER)
      return static_cast<std::int64_t>(kv.val.via.u64);
  }
  return 0;
}

inline const msgpack::object* map_of(const msgpack::object& map, std::string_view key) {
  for (auto& kv : map.via.map) {
    if (std::string_view(kv.key.via.str.ptr, kv.key.via.str.size) == key &&
        kv.val.type == msgpack::type::MAP)
      return &kv.val;
  }
  return nullptr;
}

/// Runs the context until `done`; throws when it takes longer than `seconds`.
template <class Done>
void run_until(boost::asio::io_context& io, Done done, double seconds, const char* what) {
  auto until = steady::now() +
               std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
  while (!done()) {
    io.restart();
    io.run_for(std::chrono::milliseconds(5));
    if (steady::now() > until) throw std::runtime_error(std::string("timed out: ") + what);
  }
}

/// A connection that has said hello.
inline std::shared_ptr<client::client_connection> connected(
    boost::asio::io_context& io, const client::connection_options& options,
    const client::identity& who) {
  auto c = client::client_connection::create(io, options);
  bool ready = false;
  std::string trouble;
  c->connect([&, c](const result<void>& ok) {
    if (!ok) {
      trouble = ok.error().message;
      return;
    }
    c->call("hello", client::pack_hello(who), [&](const auto& answer) {
      if (answer)
        ready = true;
      else
        trouble = answer.error().message;
    });
  });
  run_until(
      io, [&] { return ready || !trouble.empty(); }, 10, "hello");
  if (!trouble.empty()) throw std::runtime_error("hello: " + trouble);
  return c;
}

inline std::shared_ptr<client::client_connection> connected(boost::asio::io_context& io,
                                                            std::uint16_t port,
                                                            const client::identity& who) {
  client::connection_options options;
  options.port = port;
  return connected(io, options, who);
}

/// {field: value} packed.
inline std::string one_field(std::string_view key, std::string_view value) {
  codec::packer p;
  codec::field(p.map(1), key, value);
  return p.take();
}

}  // namespace switchboard::bench
