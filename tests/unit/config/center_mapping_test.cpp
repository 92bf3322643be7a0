#include "config/center_mapping.hpp"

#include <gtest/gtest.h>

namespace switchboard::config {
namespace {

std::string errors_of(const char* center, const std::string& text) {
  auto read = parse_mapping(center, text, "m.yaml");
  return read ? std::string() : to_string(read.error());
}

TEST(center_mapping, an_empty_file_is_the_default) {
  for (auto center : {"member", "tag", "product", "trade"}) {
    auto read = parse_mapping(center, "{}");
    ASSERT_TRUE(read) << to_string(read.error());
    EXPECT_EQ(*read, default_mapping(center));
  }
}

TEST(center_mapping, what_is_written_takes_the_default_s_place_and_the_rest_stays) {
  auto read = parse_mapping("member", R"(
requests:
  by_member_id: {path: "/v1/users/{member_id}", at: /data}
  by_email:
fields: {level: /grade}
times: seconds
)");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->requests.at("by_member_id"), (mapped_request{"/v1/users/{member_id}", "/data"}));
  EXPECT_FALSE(read->requests.contains("by_email"));
  EXPECT_TRUE(read->requests.contains("by_phone"));
  EXPECT_EQ(read->fields.at("level"), "/grade");
  EXPECT_EQ(read->fields.at("name"), "/name");
  EXPECT_TRUE(read->times_in_seconds);
}

TEST(center_mapping, mistakes_are_named_by_line_and_nearest_name) {
  EXPECT_EQ(errors_of("member", "requests:\n  by_phon: {path: /x}\n"),
            "m.yaml:2: requests.by_phon: unknown key; did you mean \"by_phone\"?\n");
  EXPECT_EQ(errors_of("member", "fields: {levl: /x}\n"),
            "m.yaml:1: fields.levl: unknown field \"levl\"; did you mean \"level\"?\n");
  EXPECT_EQ(errors_of("member", "fields: {level: grade}\n"),
            "m.yaml:1: fields.level: expected a JSON Pointer such as /data/0/name\n");
  EXPECT_EQ(errors_of("member", "fields: {level: /a~2}\n"),
            "m.yaml:1: fields.level: expected a JSON Pointer such as /data/0/name\n");
  EXPECT_NE(errors_of("trade", "states: {PAID: payed}\n"), "");
  EXPECT_NE(errors_of("trade", "times: hours\n"), "");
  EXPECT_NE(errors_of("member", "states: {PAID: paid}\n"), "") << "a member has no states";
}

}  // namespace
}  // namespace switchboard::config
