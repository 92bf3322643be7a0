#pragma once

#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// The commands that look inside a running daemon.
namespace switchboard::ctl {

struct top_options {
  bool once = false;
  millis every{1'000};
  /// 0: as the terminal is, or 80 × 24.
  std::size_t columns = 0, rows = 0;
};
/// A screen that goes on until q or Ctrl-C; with `once`, or where the standard output is no
/// terminal, one frame. Looks only.
outcome show_top(control_client& daemon, const top_options& options);

/// Fails (exit code 1) where a check does.
outcome run_doctor(control_client& daemon);

/// Whatever a key means: a session (whole id or its beginning), a customer's id, phone or e-mail
/// address, an agent, a group, a channel.
outcome find_key(control_client& daemon, const std::string& key);

/// One actor: "session:s3f..", "agent:lin", "group:vip", or KIND:KEY as `actors` shows them.
outcome show_actor(control_client& daemon, const std::string& which);

struct latency_options {
  std::string kind;  // empty: all
  millis window{1'000};
};
/// How long messages waited and took, by kind of actor and message.
outcome show_latency(control_client& daemon, const latency_options& options);

/// Which actors there are, whom they answer to and what becomes of them when they fail.
outcome show_tree(control_client& daemon);

}  // namespace switchboard::ctl
