#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "adapters/web/request_reader.hpp"
#include "runtime/base/clock.hpp"

namespace switchboard::web {

struct web_options {
  std::string address = "127.0.0.1";
  /// 0 takes any free port.
  std::uint16_t port = 0;

  /// At once, in all and from one address. Past it the connection gives way that has been longest
  /// without a whole request, or that does not take its answer, if for `give_way_after`: whoever
  /// has just come has not had the time to ask. Where nobody may, a new one waits for
  /// `read_deadline`, the newest first, and connections end with their next answer.
  std::size_t connections = 64;
  std::size_t connections_per_address = 32;
  std::size_t waiting = 256;
  millis give_way_after{250};
  /// Then a connection ends; its client makes another.
  std::size_t requests_per_connection = 1'000;
  request_reader::limits limits;

  /// From connecting, or from a request's first byte, to the end of its header; then the same for
  /// its body.
  millis read_deadline{5'000};
  /// Nothing between two requests.
  millis idle_deadline{60'000};
  /// From a whole request to its answer; then 503.
  millis answer_deadline{15'000};
  /// For each step of the answer's way out (64 KiB), and for all of it.
  millis write_deadline{5'000};
  millis whole_answer_deadline{60'000};
};

/// What a listener counts; any thread.
struct web_counters {
  using counter = std::atomic<std::uint64_t>;
  counter open{0}, accepted{0}, refused{0}, gave_way{0}, waited{0};
  counter requests{0}, bad_requests{0};
  counter read_timeouts{0}, idle_timeouts{0}, answer_timeouts{0}, write_timeouts{0};
};

}  // namespace switchboard::web
