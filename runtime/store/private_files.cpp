#include "runtime/store/private_files.hpp"

#include <filesystem>
#include <sys/stat.h>

namespace switchboard::store {
namespace {

constexpr mode_t directory_mode = 0700;
constexpr mode_t for_us_and_our_group = 0640;

}  // namespace

result<void> make_private_directory(const std::string& dir) {
  std::error_code ec;
  std::filesystem::create_directories(dir, ec);
  if (ec) return fail(errc::internal, "cannot make directory " + dir + ": " + ec.message());
  // Another account's directory cannot be changed, and is that account's to answer for.
  (void)!::chmod(dir.c_str(), directory_mode);
  return {};
}

void make_private_file(const std::string& file) {
  (void)!::chmod(file.c_str(), for_us_and_our_group);
}

}  // namespace switchboard::store
