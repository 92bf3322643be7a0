#pragma once

#include <string>

#include "adapters/client/json_client.hpp"

namespace switchboard::channel_tool {

struct chat_options {
  client::connection_options where;
  /// "customer" or "agent".
  std::string role = "customer";
  /// The channel a customer comes by; unused for agents.
  std::string channel;
  /// The customer's id on the channel, or the agent's.
  std::string id;
  std::string name;
  std::string entry, intent;
  std::string token;
};

/// Talks as a customer or an agent until the input ends. Answers with the exit code.
int run_chat(const chat_options& options);

}  // namespace switchboard::channel_tool
