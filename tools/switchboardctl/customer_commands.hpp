#pragma once

#include <cstdint>
#include <string>

#include "tools/switchboardctl/control_client.hpp"

/// What a running daemon is asked about its customers.
namespace switchboard::ctl {

struct customer_filter {
  std::string name, phone, email, tag;
  std::string condition, segment;
  std::int64_t limit = 20;
};
outcome search_customers(control_client& daemon, const customer_filter& which);
outcome show_customer(control_client& daemon, const std::string& named);
outcome show_trail(control_client& daemon, const std::string& named, std::int64_t limit);

outcome merge_customers(control_client& daemon, const std::string& id, const std::string& into);
outcome unmerge_customer(control_client& daemon, const std::string& id);
/// `span_ms` 0: until unblocked.
outcome block_customer(control_client& daemon, const std::string& id, const std::string& reason,
                       std::int64_t span_ms);
outcome unblock_customer(control_client& daemon, const std::string& id);

outcome export_customers(control_client& daemon, const customer_filter& which,
                         const std::string& file);
outcome write_dossier(control_client& daemon, const std::string& id, const std::string& file);
outcome erase_customer(control_client& daemon, const std::string& id, bool dry_run);

}  // namespace switchboard::ctl
