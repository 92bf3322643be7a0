#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/switchboardctl/control_client.hpp"

/// Segments, campaigns, sales channels and leads of a running daemon.
namespace switchboard::ctl {

/// `kind`: segment, campaign or sales_channel.
outcome list_catalog(control_client& daemon, const std::string& kind);
struct catalog_order {
  std::string kind, verb;  // create, update, delete
  std::string id;
  /// Fields that were given: name, condition, note, ...; lists are joined by commas.
  std::vector<std::pair<std::string, std::string>> fields;
};
outcome change_catalog(control_client& daemon, const catalog_order& what);

outcome list_leads(control_client& daemon, const std::string& customer, std::int64_t limit);
struct lead_order {
  /// A lead that there is; empty: a new one.
  std::string lead;
  /// Whose it is, or the session it comes of, as find_session takes it.
  std::string customer, session;
  std::vector<std::pair<std::string, std::string>> fields;
};
outcome write_lead(control_client& daemon, const lead_order& what);

}  // namespace switchboard::ctl
