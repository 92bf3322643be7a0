#pragma once

#include <optional>
#include <string>

#include "runtime/base/clock.hpp"
#include "runtime/metrics/metrics_page.hpp"

namespace switchboard {

class daemon_store;
class node;
namespace attachment {
class attachment_service;
}
namespace center {
class http_center_client;
}
namespace channel {
class output_budget;
class tcp_server;
}  // namespace channel
namespace codec {
class packer;
}

/// What a daemon tells of itself is read from these, on any thread.
struct reported_parts {
  const std::string& node_name;
  timestamp started;
  const clock_source& clock;
  const daemon_store& stored;
  node& running;
  center::http_center_client& centers;
  attachment::attachment_service& attachments;
  channel::tcp_server& server;
  channel::output_budget& outputs;
};

/// The map that admin.status answers with. `waiting`: the longest wait of who waits now.
void pack_status(codec::packer& p, const reported_parts& d, std::optional<millis> waiting);
/// What Prometheus scrapes.
void collect_metrics(metrics::page& page, const reported_parts& d);

}  // namespace switchboard
