#include "config/named_files.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace switchboard::config {
namespace {

namespace fs = std::filesystem;

/// Readings that hang at one time; a disk that is gone must not gather threads without end.
constexpr int most_readings = 4;
std::atomic<int> readings{0};

using refusal = tl::unexpected<std::string>;

refusal unreadable(const std::string& why) {
  return refusal("cannot be read: " + why);
}

bool lies_below(const fs::path& folder, const fs::path& path) {
  auto [rest, end] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return rest == folder.end() && end != path.end();
}

class open_file {
 public:
  explicit open_file(const fs::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY)) {}
  ~open_file() {
    if (fd_ >= 0) ::close(fd_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  named_file text(std::size_t most) const {
    struct stat about {};
    if (fd_ < 0 || ::fstat(fd_, &about) != 0) return unreadable(std::strerror(errno));
    if (!S_ISREG(about.st_mode)) return refusal("is no regular file");
    const auto too_large = refusal("is larger than " + std::to_string(most >> 20) + " MiB");
    if (about.st_size > static_cast<off_t>(most)) return too_large;
    std::string out;
    char piece[64 * 1024];
    // What it says of its size is not believed: it may grow meanwhile.
    for (;;) {
      const auto n = ::read(fd_, piece, sizeof piece);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return unreadable(std::strerror(errno));
      if (n == 0) return out;
      out.append(piece, static_cast<std::size_t>(n));
      if (out.size() > most) return too_large;
    }
  }

 private:
  int fd_;
};

named_file read_one(const fs::path& folder, const std::string& name, std::size_t most) {
  std::error_code ec;
  const auto home = fs::canonical(folder.empty() ? fs::path(".") : folder, ec);
  if (ec) return unreadable("the configuration's folder: " + ec.message());
  const refusal outside("does not lie below the configuration's folder");
  // First by its name alone: of what lies elsewhere nothing is told, not even whether it is there.
  const auto given =
      fs::absolute(folder.empty() ? fs::path(".") : folder, ec).lexically_normal() / "";
  const auto named = (given / name).lexically_normal();
  if (!lies_below(given.parent_path(), named) && !lies_below(home, named)) return outside;
  const auto path = fs::canonical(named, ec);
  if (ec) return unreadable(ec.message());
  if (!lies_below(home, path)) return outside;
  // A pipe or a device is not even opened: that alone may wait for somebody, or set something
  // going.
  const auto kind = fs::status(path, ec).type();
  if (ec) return unreadable(ec.message());
  if (kind != fs::file_type::regular) return refusal("is no regular file");
  return open_file(path).text(most);
}

using all_files = std::vector<named_file>;

}  // namespace

all_files read_named_files(const std::string& folder, const std::vector<std::string>& names,
                           const file_bounds& bounds) {
  if (names.empty()) return {};
  if (readings.fetch_add(1) >= most_readings) {
    readings.fetch_sub(1);
    return all_files(names.size(), unreadable("earlier readings still hang"));
  }
  auto done = std::make_shared<std::promise<all_files>>();
  auto files = done->get_future();
  std::thread([done, folder, names, most = bounds.most_bytes] {
    all_files out;
    for (const auto& name : names) out.push_back(read_one(folder, name, most));
    readings.fetch_sub(1);
    done->set_value(std::move(out));
  }).detach();
  if (files.wait_for(bounds.patience) == std::future_status::ready) return files.get();
  return all_files(names.size(), unreadable("not within " +
                                            std::to_string(bounds.patience.count() / 1000) + " s"));
}

}  // namespace switchboard::config
