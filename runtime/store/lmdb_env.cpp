#include "runtime/store/lmdb_env.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <lmdb.h>

#include "runtime/store/page_check.hpp"
#include "runtime/store/private_files.hpp"

namespace switchboard::store {
namespace {

constexpr unsigned file_mode = 0640;

/// The directories this process has open: a second environment on one of them would drop the first
/// one's locks.
struct open_directories {
  std::mutex mutex;
  std::set<std::string> names;
};

open_directories& registry() {
  static open_directories it;
  return it;
}

result<std::string> identity_of(const std::string& dir) {
  struct stat s;
  if (::stat(dir.c_str(), &s) != 0) {
    return fail(errc::internal, "cannot look at directory " + dir + ": " + std::strerror(errno));
  }
  return std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino);
}

tl::unexpected<error> failed(int code, const std::string& doing) {
  return tl::unexpected(lmdb_error(code, doing));
}

/// The directory above, whose entry for `dir` must be on disk too.
std::string parent_of(const std::string& dir) {
  auto path = std::filesystem::absolute(dir).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.parent_path().string();
}

/// LMDB writes its first two pages without a sync, and a power cut could leave one of them: a file
/// that is no environment any more. So it is made beside its place, synced, and moved there whole.
result<void> make_file(const lmdb_options& options) {
  namespace fs = std::filesystem;
  const std::string fresh = options.dir + ".new";
  const std::string doing = "making environment " + options.dir;
  std::error_code ec;
  fs::remove_all(fresh, ec);
  if (auto made = make_private_directory(fresh); !made) return made;
  MDB_env* env = nullptr;
  if (int rc = mdb_env_create(&env)) return failed(rc, doing);
  int rc = mdb_env_set_mapsize(env, options.map_size);
  if (!rc) rc = mdb_env_open(env, fresh.c_str(), 0, file_mode);
  if (!rc) rc = mdb_env_sync(env, 1);
  mdb_env_close(env);
  if (rc) return failed(rc, doing);
  make_private_file(fresh + "/data.mdb");
  fs::rename(fresh + "/data.mdb", options.dir + "/data.mdb", ec);
  if (ec) return fail(errc::internal, doing + ": " + ec.message());
  fs::remove_all(fresh, ec);
  if (auto synced = sync_directory(options.dir); !synced) return synced;
  return sync_directory(parent_of(options.dir));
}

}  // namespace

result<void> sync_directory(const std::string& dir) {
  int fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) {
    auto reason = std::string(std::strerror(errno));
    if (fd >= 0) ::close(fd);
    return fail(errc::internal, "cannot sync directory " + dir + ": " + reason);
  }
  ::close(fd);
  return {};
}

lmdb_env::lmdb_env(std::string dir, bool read_only) : dir_(std::move(dir)), read_only_(read_only) {}

lmdb_env::~lmdb_env() {
  if (env_) mdb_env_close(env_);
  if (registered_.empty()) return;
  std::lock_guard lock(registry().mutex);
  registry().names.erase(registered_);
}

result<std::unique_ptr<lmdb_env>> lmdb_env::open(const lmdb_options& options) {
  auto env = std::unique_ptr<lmdb_env>(new lmdb_env(options.dir, options.read_only));
  auto started = env->start(options);
  if (!started) return tl::unexpected(started.error());
  return env;
}

result<void> lmdb_env::start(const lmdb_options& options) {
  std::error_code ec;
  if (!read_only_) {
    if (auto made = make_private_directory(dir_); !made) return made;
  }
  auto identity = identity_of(dir_);
  if (!identity) return tl::unexpected(identity.error());
  {
    std::lock_guard lock(registry().mutex);
    if (!registry().names.insert(*identity).second) {
      return fail(errc::failed_precondition, "environment " + dir_ + " is open in this process");
    }
    registered_ = *identity;
  }
  const std::string opening = "opening environment " + dir_;
  const std::string file = dir_ + "/data.mdb";
  if (!read_only_ && !std::filesystem::exists(file, ec)) {
    if (auto made = make_file(options); !made) return made;
  } else if (auto whole = check_pages(file); !whole) {
    return tl::unexpected(whole.error());
  }
  if (int rc = mdb_env_create(&env_)) return failed(rc, opening);
  configured_ = options.map_size;
  const auto bytes = std::filesystem::file_size(file, ec);
  mdb_env_set_mapsize(env_, std::max<std::size_t>(options.map_size, bytes + options.headroom));
  // A copy opens also the tables that this program has no use for.
  constexpr unsigned unknown_tables = 32;
  mdb_env_set_maxdbs(env_, options.max_tables + unknown_tables);
  mdb_env_set_maxreaders(env_, options.max_readers);
  unsigned flags =
      MDB_NOTLS | (read_only_ ? MDB_RDONLY : 0u) | (options.unsynced ? MDB_NOSYNC : 0u);
  if (int rc = mdb_env_open(env_, dir_.c_str(), flags, file_mode)) return failed(rc, opening);
  if (!read_only_) {
    make_private_file(file);
    make_private_file(dir_ + "/lock.mdb");
  }
  // A killed process leaves its reader slots behind, and they would pin pages for ever.
  int dead = 0;
  if (int rc = mdb_reader_check(env_, &dead)) return failed(rc, opening);
  return {};
}

result<lmdb_table> lmdb_env::table(const std::string& name, key_order order) {
  MDB_txn* txn = nullptr;
  const std::string opening = "opening table " + name + " of " + dir_;
  if (int rc = mdb_txn_begin(env_, nullptr, read_only_ ? MDB_RDONLY : 0u, &txn)) {
    return failed(rc, opening);
  }
  unsigned flags = order == key_order::integer ? unsigned{MDB_INTEGERKEY} : 0u;
  lmdb_table it;
  int rc = mdb_dbi_open(txn, name.c_str(), flags, &it.dbi);
  bool missing = rc == MDB_NOTFOUND && !read_only_;
  if (missing) rc = mdb_dbi_open(txn, name.c_str(), flags | MDB_CREATE, &it.dbi);
  if (rc) {
    mdb_txn_abort(txn);
    return failed(rc, opening);
  }
  if (int code = mdb_txn_commit(txn)) return failed(code, opening);
  return it;
}

result<lmdb_read> lmdb_env::begin_read() const {
  MDB_txn* txn = nullptr;
  if (int rc = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn)) {
    return failed(rc, "beginning a read of " + dir_);
  }
  return lmdb_read(txn);
}

result<lmdb_read> lmdb_env::begin_checked_read() const {
  constexpr int tries = 1'000;
  for (int round = 1;; ++round) {
    auto txn = begin_read();
    if (!txn) return txn;
    auto pages = check_pages_of(dir_ + "/data.mdb", mdb_txn_id(txn->txn_));
    if (pages) return txn;
    if (pages.error().code != errc::aborted || round == tries) return tl::unexpected(pages.error());
  }
}

result<lmdb_write> lmdb_env::begin_write() {
  MDB_txn* txn = nullptr;
  if (int rc = mdb_txn_begin(env_, nullptr, 0, &txn)) {
    return failed(rc, "beginning a write of " + dir_);
  }
  return lmdb_write(txn);
}

lmdb_usage lmdb_env::usage(bool count_free) const {
  MDB_envinfo info;
  MDB_stat stat;
  mdb_env_info(env_, &info);
  mdb_env_stat(env_, &stat);
  lmdb_usage it;
  it.map_size = configured_;
  it.mapped = info.me_mapsize;
  it.high_water = (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize};
  if (!count_free) return it;
  auto txn = begin_read();
  if (!txn) return it;
  // Table 0 is LMDB's free list: by transaction, a list of page numbers led by their count.
  std::uint64_t pages = 0;
  txn->scan(lmdb_table{0}, {}, [&](std::string_view, std::string_view value) {
    std::size_t count = 0;
    std::memcpy(&count, value.data(), sizeof count);
    pages += count;
    return true;
  });
  it.free = std::min(pages * stat.ms_psize, it.high_water);
  return it;
}

result<std::vector<named_table>> lmdb_env::tables(const lmdb_read& in) const {
  const std::string doing = "listing the tables of " + dir_;
  std::vector<named_table> all;
  // The unnamed table: its keys are the others' names.
  MDB_dbi names = 0;
  if (int rc = mdb_dbi_open(in.txn_, nullptr, 0, &names)) return failed(rc, doing);
  in.scan(lmdb_table{names}, {}, [&](std::string_view name, std::string_view) {
    all.push_back({std::string(name), {}, key_order::bytes});
    return true;
  });
  for (auto& one : all) {
    if (int rc = mdb_dbi_open(in.txn_, one.name.c_str(), 0, &one.table.dbi))
      return failed(rc, doing);
    unsigned flags = 0;
    if (int rc = mdb_dbi_flags(in.txn_, one.table.dbi, &flags)) return failed(rc, doing);
    if (flags & MDB_INTEGERKEY) one.order = key_order::integer;
  }
  return all;
}

result<void> lmdb_env::sync() {
  if (int rc = mdb_env_sync(env_, 1)) return failed(rc, "syncing " + dir_);
  if (auto synced = sync_directory(dir_); !synced) return synced;
  return sync_directory(parent_of(dir_));
}

}  // namespace switchboard::store
