#include "adapters/center_http/path_template.hpp"

#include <gtest/gtest.h>

#include "adapters/center_http/http_endpoint.hpp"

namespace switchboard::center {
namespace {

std::string why(std::string_view text) {
  auto parsed = path_template::parse(text, {"member_id", "most"});
  return parsed ? "" : parsed.error().message;
}

TEST(path_template, values_take_the_places_of_their_names) {
  auto path = path_template::parse("/m/{member_id}/orders?n={most}", {"member_id", "most"}).value();
  EXPECT_EQ(path.expand({{"member_id", "m1"}, {"most", "20"}}), "/m/m1/orders?n=20");
  EXPECT_EQ(path.expand({{"member_id", "m1"}}), "/m/m1/orders?n=");
  EXPECT_TRUE(path.uses("most"));
  EXPECT_FALSE(path.uses("m"));
}

TEST(path_template, no_value_reaches_into_another_part_of_the_target) {
  auto path = path_template::parse("/m/{member_id}", {"member_id"}).value();
  EXPECT_EQ(path.expand({{"member_id", "a/b?c=d&e#f g\r\nHost: x"}}),
            "/m/a%2Fb%3Fc%3Dd%26e%23f%20g%0D%0AHost%3A%20x");
  EXPECT_EQ(path.expand({{"member_id", "杭"}}), "/m/%E6%9D%AD");
  EXPECT_EQ(path.expand({{"member_id", ".."}}), "/m/%2E%2E");
}

TEST(path_template, what_is_wrong_is_said) {
  EXPECT_EQ(why("members"), "expected a path from /");
  EXPECT_EQ(why("/m/{member_id"), "a { is never closed");
  EXPECT_EQ(why("/m/{member}"), "unknown {member}; there are member_id, most");
  EXPECT_EQ(why("/m/{membr_id}"), "unknown {membr_id}; did you mean {member_id}?");
  EXPECT_EQ(why("/m m"), "no path can hold ' '");
  EXPECT_EQ(why("/m/{member_id}?n={most}"), "");
}

TEST(http_endpoint, a_url_is_read_into_its_parts) {
  auto e = parse_endpoint("https://members.example.com/api/v2/").value();
  EXPECT_EQ(e, (http_endpoint{true, "members.example.com", "443", "/api/v2"}));
  EXPECT_EQ(e.authority(), "members.example.com");
  auto local = parse_endpoint("http://127.0.0.1:8080").value();
  EXPECT_EQ(local, (http_endpoint{false, "127.0.0.1", "8080", ""}));
  EXPECT_EQ(local.authority(), "127.0.0.1:8080");
  auto six = parse_endpoint("http://[::1]:99/x").value();
  EXPECT_EQ(six, (http_endpoint{false, "::1", "99", "/x"}));
  EXPECT_EQ(six.authority(), "[::1]:99");
}

TEST(http_endpoint, what_is_no_place_is_refused) {
  for (auto url :
       {"members.example.com", "ftp://x", "http://", "http://a:b", "http://a:0", "http://a:65536",
        "http://u:p@host/", "http://host/?q=1", "http://ho st", "http://[::1", "http://a/#x"}) {
    EXPECT_FALSE(parse_endpoint(url)) << url;
  }
}

}  // namespace
}  // namespace switchboard::center
