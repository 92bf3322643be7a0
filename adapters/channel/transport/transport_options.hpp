#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "runtime/base/clock.hpp"
#include "runtime/codec/frame_decoder.hpp"

namespace switchboard::channel {

struct transport_options {
  std::string address = "127.0.0.1";
  /// 0 takes any free port.
  std::uint16_t port = 7701;
  /// Where given, a Unix socket there (mode 0600) takes the place of the TCP port; its file is made
  /// at start and goes at stop. Always plain: certificate, address and port do not count.
  std::string unix_path;
  unsigned io_threads = 1;

  /// PEM files; TLS 1.2 or better when both are given.
  std::string certificate_file;
  std::string private_key_file;
  /// Without TLS only a loopback address is served, unless this says otherwise.
  bool allow_plain = false;

  codec::frame_limits limits;
  /// Before `hello` succeeds.
  std::size_t hello_message_bytes = 4096;
  std::size_t hello_window = 4;

  /// Calls of one connection not yet answered on the wire; past it the socket is not read.
  std::size_t window = 256;
  /// The same, of all connections together.
  std::size_t node_in_flight = 100'000;
  /// Notifications of one connection within one second; past it the socket is not read until the
  /// next.
  std::size_t notifications_per_second = 2'000;
  /// Output held for one connection; a reader this far behind is dropped.
  std::size_t output_bytes = 4 * 1024 * 1024;
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 10'000;

  millis hello_deadline{5'000};
  /// For the rest of a message once its first byte has come.
  millis frame_deadline{10'000};
  /// Nothing received and nothing sent; 0 never.
  millis idle_deadline{600'000};
  millis call_deadline{15'000};
  /// No progress on a write (256 KiB at a time): the reader is gone or too slow.
  millis write_deadline{30'000};
  /// For the output still queued when a connection closes or the server stops.
  millis flush_deadline{3'000};
};

/// What of the options may change while a server runs. Each is read by itself, from any thread;
/// what a client was told at its hello (message size, depth, window) its connection keeps.
struct live_limits {
  explicit live_limits(const transport_options& o) { take(o); }
  void take(const transport_options& o) {
    message_bytes = o.limits.message_bytes;
    depth = o.limits.depth;
    window = o.window;
    node_in_flight = o.node_in_flight;
    output_bytes = o.output_bytes;
    connections = o.connections;
    connections_per_address = o.connections_per_address;
    hello_deadline = o.hello_deadline;
    frame_deadline = o.frame_deadline;
    idle_deadline = o.idle_deadline;
    call_deadline = o.call_deadline;
  }

  using count = std::atomic<std::size_t>;
  count message_bytes, depth, window, node_in_flight, output_bytes, connections,
      connections_per_address;
  std::atomic<millis> hello_deadline, frame_deadline, idle_deadline, call_deadline;
};

/// What the transport counts; read by the metrics room at any time.
struct transport_counters {
  using counter = std::atomic<std::uint64_t>;
  counter connections_open{0};
  counter connections_accepted{0};
  counter refused_limit{0};
  counter refused_address{0};
  counter closed{0};
  counter reads{0};
  counter writes{0};
  counter bytes_in{0};
  counter bytes_out{0};
  counter calls{0};
  counter notifications_in{0};
  counter frames_out{0};
  counter in_flight{0};
  counter window_stops{0};
  counter node_stops{0};
  counter notification_stops{0};
  counter bad_frames{0};
  counter slow_readers{0};
  counter over_share{0};
  counter hello_timeouts{0};
  counter frame_timeouts{0};
  counter idle_timeouts{0};
  counter call_timeouts{0};
  counter late_answers{0};
  counter tls_failures{0};
};

}  // namespace switchboard::channel
