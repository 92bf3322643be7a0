#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "adapters/center/center.hpp"
#include "config/center_mapping.hpp"

/// A service's answers as our records. Everything found wrong is `unavailable` and names the field:
/// for the caller a service that answers nonsense is one that does not answer. Pure functions.
namespace switchboard::center {

using json = nlohmann::json;

/// The part of an answer at a JSON Pointer; null where there is none.
const json& part_at(const json& answer, const std::string& pointer);

/// The records at `pointer`: those of a list, or one alone; none where there is nothing.
result<std::vector<json>> records_at(const json& answer, const std::string& pointer);

/// A record of theirs with our field names, times in milliseconds and amounts in decimals.
json row_of(const json& record, const config::center_mapping& mapping);

result<member_record> member_in(const json& record, const config::center_mapping& mapping);
result<product_record> product_in(const json& record, const config::center_mapping& mapping);
result<order_record> order_in(const json& record, const config::center_mapping& mapping);
/// Sorted, each once. A list of texts, or of objects in each of which the field `tag` is the word.
result<std::vector<std::string>> tags_in(const json& part, const config::center_mapping& mapping);
/// [{product_id, with, orders}], the most frequent first.
result<std::vector<companion>> companions_in(const json& part);
order_logistics logistics_in(const json& part, const config::center_mapping& mapping);

/// Of a catalogue, what product_center::search promises.
std::vector<product_record> matching_products(std::vector<product_record> catalogue,
                                              const std::string& text, std::size_t most);
/// Of some orders, what trade_center::orders_of promises.
std::vector<order_record> matching_orders(std::vector<order_record> orders,
                                          const std::string& member_id, const order_query& query);

}  // namespace switchboard::center
