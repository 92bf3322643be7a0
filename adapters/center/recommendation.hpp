#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/center/product_center.hpp"
#include "adapters/center/trade_center.hpp"

namespace switchboard::center {

enum class recommended_by : std::uint8_t { keyword, tag, bought_together };
std::string_view to_string(recommended_by b);

/// Why a product is recommended: by the words `what`, by the customer's tag `what`, or because
/// others bought it together with `what`, which this customer has, in so many orders.
struct recommend_reason {
  recommended_by by = recommended_by::keyword;
  std::string what;
  int orders = 0;

  bool operator==(const recommend_reason&) const = default;
};

struct recommended {
  product_record product;
  std::vector<recommend_reason> why;
  double score = 0;
};

/// What the centers said.
struct recommend_input {
  std::string text;
  std::vector<product_record> by_text;
  /// Tag, and the products found by it.
  std::vector<std::pair<std::string, std::vector<product_record>>> by_tag;
  std::vector<std::pair<companion, product_record>> together;
  /// What the customer has bought, by id, with its name.
  std::map<std::string, std::string> has;
  /// Shown already.
  std::set<std::string> leave_out;
};

/// The best `most` of all candidates, each with every reason that speaks for it.
///
/// A candidate's score is the sum of its reasons': by keyword 3, less a tenth for each place
/// further down in the search (not under 1); by tag 1.5; bought together 1, and a quarter for each
/// such order (not over 3). What the customer has already is recommended by keyword only, and for
/// half as much; what is out of stock counts half where anything is in stock. Ties go by id.
std::vector<recommended> recommend(const recommend_input& in, std::size_t most);

}  // namespace switchboard::center
