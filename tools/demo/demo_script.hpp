#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

namespace switchboard::demo {

using json = nlohmann::ordered_json;

struct turn {
  bool by_agent = false;
  std::string text;
};

/// One customer's visit as the file has it: the request as it goes over the wire (without its
/// message), and what both sides will say.
struct visit {
  std::string request_id;
  std::string channel;
  std::string customer_id;
  std::string customer_name;
  std::string intent;
  json request;
  std::vector<turn> turns;
  std::optional<int> rating;
};

struct cast_agent {
  std::string id;
  std::string name;
  int capacity = 0;
  std::vector<std::string> groups;
};

/// Everything the demo plays with. Immutable once loaded.
struct demo_script {
  std::vector<visit> visits;
  std::vector<std::string> channels;
  std::vector<cast_agent> agents;
  /// Names by id, in the order of the file.
  std::vector<std::pair<std::string, std::string>> groups;
};

/// Reads dispatch.yaml and requests.jsonl from a folder. The message of an error names its place.
/// At most `limit` visits; 0: all.
tl::expected<demo_script, std::string> load_script(const std::string& folder, std::size_t limit);

/// The text at a field; empty where there is none.
std::string text_at(const json& from, const char* field);

/// One line of requests.jsonl.
tl::expected<visit, std::string> parse_visit(const std::string& line);

}  // namespace switchboard::demo
