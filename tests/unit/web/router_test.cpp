#include "adapters/web/router.hpp"

#include <gtest/gtest.h>

namespace switchboard::web {
namespace {

struct routes : testing::Test {
  router r;
  std::string called;

  void add(const std::string& method, const std::string& path) {
    r.add(method, path, [this, path](const request&, const answer&) { called = path; });
  }
  std::string serves(const std::string& method, const std::string& path) {
    called.clear();
    auto found = r.find(method, path);
    if (!found.call)
      return std::to_string(found.status) + (found.allowed.empty() ? "" : " " + found.allowed);
    (*found.call)({}, {});
    return called;
  }
};

TEST_F(routes, a_path_is_served_by_its_handler_and_by_no_other) {
  add("GET", "/metrics");
  add("GET", "/healthz");
  EXPECT_EQ(serves("GET", "/metrics"), "/metrics");
  EXPECT_EQ(serves("GET", "/metrics/"), "404");
  EXPECT_EQ(serves("GET", "/metric"), "404");
  EXPECT_EQ(serves("GET", "/"), "404");
}

TEST_F(routes, head_is_served_by_what_serves_get_and_other_methods_are_told_which_there_are) {
  add("GET", "/a");
  add("POST", "/a");
  add("POST", "/b");
  EXPECT_EQ(serves("HEAD", "/a"), "/a");
  EXPECT_EQ(serves("DELETE", "/a"), "405 GET, HEAD, POST");
  EXPECT_EQ(serves("HEAD", "/b"), "405 POST");
  EXPECT_EQ(serves("get", "/a"), "405 GET, HEAD, POST") << "methods are told by their capitals";
}

TEST_F(routes, the_longest_path_above_serves_what_has_none_of_its_own) {
  add("GET", "/*");
  add("GET", "/files/*");
  add("GET", "/files/one");
  EXPECT_EQ(serves("GET", "/files/one"), "/files/one");
  EXPECT_EQ(serves("GET", "/files/two/three"), "/files/*");
  EXPECT_EQ(serves("GET", "/files/"), "/files/*");
  EXPECT_EQ(serves("GET", "/files"), "/*");
  EXPECT_EQ(serves("GET", "/"), "/*");
}

}  // namespace
}  // namespace switchboard::web
