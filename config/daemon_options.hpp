#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/clock.hpp"

namespace switchboard::config {

struct listen_options {
  std::string address;
  int port = 0;
};

struct tls_options {
  std::string cert;
  std::string key;
};

/// One center: embedded, or a service of the company's.
struct center_options {
  std::string kind;
  std::string url;
  std::string mapping;
  std::string auth;
  std::string key_id;
  std::string secret_env;
  std::string secret_file;
  millis deadline{0};
  int connections = 0;
  millis fresh_for{0};
};

/// What all services have in common.
struct center_http_options {
  std::string ca_file;
  int waiting = 0;
  int retries = 0;
  millis retry_pause{0};
  int breaker_window = 0;
  int breaker_percent = 0;
  millis breaker_pause{0};
  millis breaker_longest_pause{0};
  int breaker_probes = 0;
  millis stale_after{0};
  millis stale_for{0};
  int cache_entries = 0;
  std::int64_t answer_bytes = 0;
};

struct centers_options {
  std::string dir;
  millis credit_every{0};
  millis credit_within{0};
  center_options member;
  center_options tag;
  center_options product;
  center_options trade;
  center_http_options http;
};

struct limits_options {
  std::int64_t message_bytes = 0;
  int depth = 0;
  int window = 0;
  int connections = 0;
  int per_address = 0;
  int node_in_flight = 0;
  std::int64_t queued_bytes_per_reader = 0;
  std::int64_t queued_bytes_per_token = 0;
  std::int64_t queued_bytes = 0;
  int uploads = 0;
  int uploads_per_token = 0;
  std::int64_t upload_disk_free = 0;
};

struct journal_options {
  std::int64_t map_size = 0;
  millis retention{0};
  int admission_percent = 0;
  millis commit_gap{0};
};

struct state_options {
  std::int64_t map_size = 0;
};

struct session_options {
  millis keep{0};
};

struct deadlines_options {
  millis hello{0};
  millis frame{0};
  millis idle{0};
  millis call{0};
  millis upload_first_piece{0};
  millis upload_piece{0};
  millis upload{0};
  millis http{0};
};

struct log_options {
  std::string level;
  std::string format;
  std::string file;
};

struct workers_options {
  int actor_threads = 0;
  int io_threads = 0;
  int directories = 0;
  int routers = 0;
  int identifiers = 0;
};

struct metrics_options {
  bool enabled = false;
  std::string address;
  int port = 0;
  int connections = 0;
  int per_address = 0;
};

/// What switchboardd is started with. The fields only hold: key, default, bounds and meaning of
/// each are declared once, in option_table.cpp, and a default-constructed value has those defaults.
struct daemon_options {
  daemon_options();

  std::string node;
  std::string data_dir;
  std::string control_socket;
  std::string dispatch;
  std::string timezone;
  bool allow_plain = false;
  listen_options channel;
  tls_options tls;
  centers_options centers;
  limits_options limits;
  journal_options journal;
  state_options state;
  session_options session;
  deadlines_options deadlines;
  log_options log;
  workers_options workers;
  metrics_options metrics;
};

}  // namespace switchboard::config
