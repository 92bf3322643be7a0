#include "tools/switchboardd/store_backup.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "runtime/codec/pack.hpp"
#include "runtime/log/log.hpp"

namespace switchboard {
namespace {

namespace fs = std::filesystem;

constexpr const char* parts[] = {"store", "attachments", "centers", "backup.json"};

tl::unexpected<error> refused(errc code, const std::string& why) {
  return fail(code, "dir: " + why, "dir");
}

result<void> make_place(const std::string& dir) {
  if (dir.empty() || dir.front() != '/')
    return refused(errc::invalid_argument, "expected an absolute path on the daemon's machine");
  std::error_code ec;
  if (!fs::exists(dir, ec) && fs::create_directories(dir, ec)) {
    // Customers' words lie there.
    fs::permissions(dir, fs::perms::owner_all, ec);
  }
  const bool empty = !ec && fs::is_directory(dir, ec) && fs::is_empty(dir, ec);
  if (ec) return refused(errc::failed_precondition, dir + ": " + ec.message());
  if (!empty) return refused(errc::already_exists, dir + " is not an empty directory");
  return {};
}

result<void> nothing_is_missing(const std::vector<std::string>& set_aside) {
  std::error_code ignored;
  for (const auto& path : set_aside) {
    if (!fs::exists(path, ignored)) continue;
    return fail(errc::failed_precondition,
                path + " was put aside as damaged, and the daemon runs without it: a copy would " +
                    "lack it. Restore it from an earlier backup, or remove it to go on without");
  }
  return {};
}

/// Everything written below `dir` is on disk when it answers.
result<void> sync_all(const std::string& dir) {
  const int fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = fd >= 0 && ::syncfs(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (done) return {};
  return refused(errc::unavailable, dir + ": flushing: " + std::strerror(why));
}

std::uintmax_t bytes_below(const std::string& dir) {
  std::uintmax_t bytes = 0;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(dir, ec), end; !ec && it != end; it.increment(ec)) {
    if (it->is_regular_file(ec)) bytes += it->file_size(ec);
  }
  return bytes;
}

/// A message's file is kept before the message is recorded, hence the store first: whatever it
/// names is in the files' copy too, but for what is taken back meanwhile.
result<void> copy_all(const backup_sources& from, const std::string& dir) {
  if (auto ok = from.store.backup(dir + "/store"); !ok) return ok;
  if (auto ok = from.files.copy_to(dir + "/attachments"); !ok) return ok;
  return from.centers.copy_to(dir + "/centers");
}

}  // namespace

void store_backup::begin(const std::string& dir, const reply_to& to) {
  std::lock_guard hold(lock_);
  if (stopping_) return to.fail(0, error{errc::unavailable, "the daemon is stopping", {}, {}, 0});
  if (busy_.exchange(true)) {
    return to.fail(0, error{errc::resource_exhausted, "another backup is under way", {}, {}, 0});
  }
  if (thread_.joinable()) thread_.join();
  thread_ = std::thread([this, dir, to] {
    run(dir, to);
    busy_ = false;
  });
}

void store_backup::stop() {
  {
    std::lock_guard hold(lock_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void store_backup::run(const std::string& dir, const reply_to& to) {
  if (auto ok = nothing_is_missing(from_.set_aside); !ok) return to.fail(0, ok.error());
  if (auto ok = make_place(dir); !ok) return to.fail(0, ok.error());
  const auto begun = from_.clock.now();
  const auto position = from_.store.journal().durable();
  auto done = copy_all(from_, dir);
  if (done) done = sync_all(dir);
  const auto bytes = bytes_below(dir);
  const auto took = (from_.clock.now() - begun).count();
  if (done) {
    std::ofstream out(dir + "/backup.json");
    out << nlohmann::json{{"node", from_.node},
                          {"store_id", from_.store.id()},
                          {"at", unix_ms(begun)},
                          {"position", position},
                          {"bytes", bytes}}
               .dump(2)
        << '\n';
    if (!out.flush()) done = refused(errc::unavailable, dir + "/backup.json: cannot be written");
  }
  if (done) done = sync_all(dir);
  if (!done) {
    std::error_code ignored;
    for (auto* part : parts) fs::remove_all(dir + "/" + part, ignored);
    log::error("backup_failed", {{"why", log::technical{done.error().message}}});
    return to.fail(0, done.error());
  }
  log::info("backup_made", {{"dir", log::technical{dir}}, {"bytes", bytes}, {"took_ms", took}});
  codec::packer p;
  p.map(4);
  field(p, "dir", dir);
  p.str("position").uinteger(position).str("bytes").uinteger(bytes).str("took_ms").integer(took);
  to.ok(0, p.take());
}

}  // namespace switchboard
