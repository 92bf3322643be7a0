#include "config/named_files.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/unit/config/dispatch_file_fixture.hpp"

namespace switchboard::config {
namespace {

namespace fs = std::filesystem;

class named_files : public testing::Test {
 protected:
  named_files() {
    std::string pattern = (fs::temp_directory_path() / "named-files-XXXXXX").string();
    outside_ = ::mkdtemp(pattern.data());
    folder_ = outside_ / "etc";
    fs::create_directories(folder_ / "words");
    put(folder_ / "words" / "fraud.txt", "诈骗\n");
    put(outside_ / "secret.txt", "hunter2\n");
  }
  ~named_files() override { fs::remove_all(outside_); }

  static void put(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::string read(const std::string& name, file_bounds bounds = {}) const {
    auto files = read_named_files(folder_.string(), {name}, bounds);
    return files.at(0) ? "text: " + *files[0] : files[0].error();
  }

  fs::path outside_, folder_;
};

const std::string outside = "does not lie below the configuration's folder";

TEST_F(named_files, one_below_the_folder_is_read_by_either_name) {
  EXPECT_EQ(read("words/fraud.txt"), "text: 诈骗\n");
  EXPECT_EQ(read((folder_ / "words/fraud.txt").string()), "text: 诈骗\n");
  EXPECT_EQ(read("words/../words/./fraud.txt"), "text: 诈骗\n");
  fs::create_symlink("words/fraud.txt", folder_ / "link.txt");
  EXPECT_EQ(read("link.txt"), "text: 诈骗\n") << "a link that stays below";
  fs::create_directory_symlink(folder_, outside_ / "other");
  EXPECT_EQ(read_named_files((outside_ / "other").string(), {"words/fraud.txt"}).at(0).value(),
            "诈骗\n");
}

TEST_F(named_files, one_elsewhere_is_refused_whether_it_is_there_or_not) {
  for (auto name : {"../secret.txt", "../nothing.txt", "words/../../secret.txt", "/etc/passwd",
                    "/etc/nothing", "..", ".", "", "/"})
    EXPECT_EQ(read(name), outside) << name;
  EXPECT_EQ(read((outside_ / "secret.txt").string()), outside);
  EXPECT_EQ(read((outside_ / "etcetera").string()), outside) << "a name that only begins alike";
}

TEST_F(named_files, a_symbolic_link_that_leads_out_is_refused) {
  fs::create_symlink(outside_ / "secret.txt", folder_ / "words.txt");
  fs::create_directory_symlink(outside_, folder_ / "up");
  EXPECT_EQ(read("words.txt"), outside);
  EXPECT_EQ(read("up/secret.txt"), outside);
}

TEST_F(named_files, a_pipe_a_device_and_a_folder_are_never_waited_for) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(read("pipe"), "is no regular file");
  EXPECT_EQ(read("words"), "is no regular file");
  EXPECT_EQ(read("/dev/zero"), outside);
  fs::create_symlink("/dev/zero", folder_ / "zero");
  EXPECT_EQ(read("zero"), outside);
  EXPECT_EQ(read_named_files("/dev", {"zero"}).at(0).error(), "is no regular file");
  EXPECT_EQ(read_named_files("/dev", {"null"}).at(0).error(), "is no regular file");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
}

TEST_F(named_files, one_that_is_too_large_or_not_to_be_read_says_so) {
  fs::resize_file(folder_ / "words" / "fraud.txt", (std::size_t{16} << 20) + 1);
  EXPECT_EQ(read("words/fraud.txt"), "is larger than 16 MiB");
  EXPECT_EQ(read("nothing.txt"), "cannot be read: No such file or directory");
  EXPECT_EQ(read_named_files((outside_ / "gone").string(), {"a"}).at(0).error(),
            "cannot be read: the configuration's folder: No such file or directory");
}

TEST_F(named_files, a_list_whose_file_is_refused_names_the_line_that_names_it) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  auto errors = [&](const std::string& lists) {
    auto loaded = parse_dispatch(least_file + "word_lists:\n" + lists, "d.yaml", folder_.string());
    return loaded ? std::string() : to_string(loaded.error());
  };
  EXPECT_EQ(errors("  - {id: a, action: block, file: words/fraud.txt}\n  - {id: b, action: block, "
                   "file: pipe}\n"
                   "  - {id: c, action: block, file: /etc/passwd}\n"),
            "d.yaml:5: word_lists[1].file: \"pipe\" is no regular file\n"
            "d.yaml:6: word_lists[2].file: \"/etc/passwd\" does not lie below the configuration's "
            "folder\n");
  put(folder_ / "bad.txt", "\xef\xbb\xbf# words\n好\n\xb2\xbb\n");
  EXPECT_EQ(errors("  - {id: a, action: block, file: bad.txt}\n"),
            "d.yaml:4: word_lists[0].file: bad.txt:3 is not UTF-8\n");
  put(folder_ / "bad.txt", "\xef\xbb\xbf# words\r\n好\r\n\u200b\u2061\n");
  EXPECT_EQ(errors("  - {id: a, action: block, file: bad.txt}\n"),
            "d.yaml:4: word_lists[0].file: bad.txt:3 holds nothing that shows\n");
}

TEST_F(named_files, the_words_of_a_file_are_one_a_line) {
  put(folder_ / "words.txt", "\xef\xbb\xbf# 词\r\n  诈骗 \r\n\r\ndamn it\n# end\nlast");
  auto loaded = parse_dispatch(
      least_file + "word_lists: [{id: a, action: block, words: [first], file: words.txt}]\n",
      "d.yaml", folder_.string());
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->reception.word_lists[0].words,
            (std::vector<std::string>{"first", "诈骗", "damn it", "last"}));
}

}  // namespace
}  // namespace switchboard::config
