#include "adapters/center_http/request_signature.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

TEST(request_signature, bearer_is_one_header) {
  auto proof = proof_of({credential_kind::bearer, "", "s3cret"}, "/x", from_unix_ms(0));
  EXPECT_EQ(proof, (header_fields{{"Authorization", "Bearer s3cret"}}));
  EXPECT_TRUE(proof_of({}, "/x", from_unix_ms(0)).empty());
}

// The expected signature was made with: printf 'GET\n/members/m1?x=1\n1700000000' | openssl dgst
// -sha256 -hmac s3cret
TEST(request_signature, hmac_signs_method_target_and_time) {
  auto proof = proof_of({credential_kind::hmac, "key1", "s3cret"}, "/members/m1?x=1",
                        from_unix_ms(1'700'000'000'999));
  ASSERT_EQ(proof.size(), 3u);
  EXPECT_EQ(proof[0], (std::pair<std::string, std::string>{"X-Key-Id", "key1"}));
  EXPECT_EQ(proof[1].second, "1700000000");
  EXPECT_EQ(proof[2].second, "133ed70a2e8becc9903676e1dea54dd673d39a91522a59b2f798012929d9426e");
}

class secret_file : public testing::Test {
 protected:
  secret_file() {
    path_ =
        (std::filesystem::temp_directory_path() / ("secret_" + std::to_string(getpid()))).string();
  }
  ~secret_file() override { std::filesystem::remove(path_); }
  void write(const std::string& text, std::filesystem::perms mode) {
    std::ofstream(path_) << text;
    std::filesystem::permissions(path_, mode);
  }
  std::string path_;
};
constexpr auto owner_only =
    std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

TEST_F(secret_file, is_read_without_its_line_end) {
  write("s3cret\n", owner_only);
  EXPECT_EQ(read_secret("", path_).value(), "s3cret");
}

TEST_F(secret_file, that_others_can_read_is_refused) {
  write("s3cret", owner_only | std::filesystem::perms::group_read);
  auto read = read_secret("", path_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, errc::permission_denied);
  EXPECT_EQ(read.error().message.find("s3cret"), std::string::npos);
}

TEST_F(secret_file, that_is_missing_empty_or_of_two_lines_is_refused) {
  EXPECT_FALSE(read_secret("", path_ + "_none"));
  write("\n", owner_only);
  EXPECT_FALSE(read_secret("", path_));
  write("one\ntwo\n", owner_only);
  EXPECT_FALSE(read_secret("", path_));
}

TEST(request_signature, a_secret_may_come_from_the_environment) {
  ::setenv("SB_TEST_SECRET", "from env", 1);
  EXPECT_EQ(read_secret("SB_TEST_SECRET", "").value(), "from env");
  ::unsetenv("SB_TEST_SECRET");
  EXPECT_FALSE(read_secret("SB_TEST_SECRET", ""));
}

}  // namespace
}  // namespace switchboard::center
