#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "adapters/center/embedded_centers.hpp"

namespace switchboard::center {

/// A folder of one test's own, gone with the test.
class embedded_folder {
 public:
  embedded_folder() {
    static int made = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("centers_" + std::to_string(::getpid()) + "_" + std::to_string(++made));
  }
  ~embedded_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  embedded_folder(const embedded_folder&) = delete;

  std::string path() const { return path_.string(); }

  std::unique_ptr<embedded_centers> open() const {
    auto opened = embedded_centers::open({.dir = path(), .map_size = 64u << 20});
    if (!opened) ADD_FAILURE() << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }

 private:
  std::filesystem::path path_;
};

inline import_report import_text(embedded_centers& c, center_kind kind, const std::string& text,
                                 import_format format = import_format::jsonl,
                                 import_mode mode = import_mode::upsert) {
  std::istringstream in(text);
  return c.import({kind, format, mode, "f"}, in);
}

inline std::string errors_of(const import_report& r) {
  std::string out;
  for (const auto& e : r.errors) out += to_string(e) + "\n";
  return out;
}

}  // namespace switchboard::center
