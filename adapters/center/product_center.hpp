#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.hpp"

namespace switchboard::center {

struct product_record {
  std::string id;
  std::string name;
  std::string category;
  std::string brand;
  /// Hundredths of `currency`.
  std::int64_t price_hundredths = 0;
  std::string currency;
  std::int64_t stock = 0;
  std::string url;
  std::string image;
  std::string description;
  /// Further words by which it is found.
  std::vector<std::string> keywords;
  std::map<std::string, std::string> attributes;

  bool operator==(const product_record&) const = default;
};

/// The product center. Thread-safe; waiting as in member_center.
class product_center {
 public:
  virtual ~product_center() = default;
  virtual result<std::optional<product_record>> find(std::string_view id) const = 0;
  /// Products that have every word of `text` in name, brand, category or keywords, whatever the
  /// case; the beginning of a word is enough, and Chinese needs no spaces. Those with all words in
  /// the name first, then by id.
  virtual result<std::vector<product_record>> search(std::string_view text,
                                                     std::size_t most) const = 0;
};

}  // namespace switchboard::center
