#include <algorithm>

#include "adapters/center/record_bytes.hpp"
#include "adapters/center/stored_record.hpp"

namespace switchboard::center {

std::string tag_key_of_member(std::string_view member_id) {
  return std::string("m").append(member_id);
}

std::string tag_key_of_identity(std::string_view channel, std::string_view customer_id) {
  return std::string("c").append(channel).append(1, '\0').append(customer_id);
}

std::optional<stored_record> read_tags(row_fields& row) {
  auto member = row.id("member_id");
  auto channel = row.id("channel");
  auto customer = row.id("customer_id");
  auto tags = row.words("tags");
  row.finish();
  if (row.good() && (member.empty() ? channel.empty() || customer.empty()
                                    : !channel.empty() || !customer.empty())) {
    row.refuse("member_id", "expected either \"member_id\" or \"channel\" and \"customer_id\"");
  }
  if (!row.good()) return {};
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  auto key = member.empty() ? tag_key_of_identity(channel, customer) : tag_key_of_member(member);
  return stored_record{std::move(key), pack({{"tags", tags}})};
}

std::optional<std::vector<std::string>> tags_of(std::string_view bytes) {
  return decoded(
      bytes, [](const nlohmann::json& in) { return take<std::vector<std::string>>(in, "tags"); });
}

}  // namespace switchboard::center
