#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_error.hpp"

namespace switchboard::config {

/// One request of a company's service: where it goes, and where in the answer (JSON Pointer,
/// RFC 6901) the record or the list of records lies; empty is the whole answer.
struct mapped_request {
  std::string path;
  std::string at;

  bool operator==(const mapped_request&) const = default;
};

/// How a company's service is asked and its answers are read. The names on our side are those of
/// the import formats (docs/configuration.md).
struct center_mapping {
  std::map<std::string, mapped_request> requests;
  /// Our field to where it lies in a record.
  std::map<std::string, std::string> fields;
  /// Attribute to where it lies in a record; besides what the field `attributes` brings.
  std::map<std::string, std::string> attributes;
  /// Of an order's items, and of its logistics.
  std::map<std::string, std::string> item_fields;
  std::map<std::string, std::string> logistics_fields;
  /// The service's word for an order's state to ours; what is not listed stays.
  std::map<std::string, std::string> states;
  bool times_in_seconds = false;
  bool amounts_in_hundredths = false;
  /// The service does not search: what it answers is a catalogue in which we look ourselves.
  bool search_here = false;

  bool operator==(const center_mapping&) const = default;
};

/// What one center's mapping can say.
struct mapping_form {
  struct request {
    std::string name;
    /// What stands in braces in its path.
    std::vector<std::string> values;
    std::string path;
    /// The center can do without: then it knows nothing of that.
    bool optional = false;
  };
  std::vector<request> requests;
  std::vector<std::string> fields;
};
/// `center` is "member", "tag", "product" or "trade".
const mapping_form& mapping_form_of(std::string_view center);

/// What holds where a mapping file says nothing: the paths in `mapping_form`, and records with our
/// own field names.
center_mapping default_mapping(std::string_view center);

/// Reads a mapping file, in which everything not written is as by default. All errors, none thrown.
checked<center_mapping> load_mapping(std::string_view center, const std::string& path);
checked<center_mapping> parse_mapping(std::string_view center, std::string_view text,
                                      std::string file = "mapping.yaml");

}  // namespace switchboard::config
