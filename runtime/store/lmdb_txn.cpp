#include "runtime/store/lmdb_txn.hpp"

#include <cerrno>
#include <cstring>
#include <sys/statvfs.h>
#include <utility>

#include <lmdb.h>

#include "runtime/store/damage.hpp"
#include "runtime/store/value_check.hpp"

namespace switchboard::store {
namespace {

constexpr std::size_t max_key = 511;
constexpr std::string_view full = "full";

MDB_val to_val(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};
}

std::string_view to_view(const MDB_val& v) {
  return {static_cast<const char*>(v.mv_data), v.mv_size};
}

bool legal(std::string_view key) {
  return !key.empty() && key.size() <= max_key;
}

/// For reads: found, not found, or the end.
bool found(int code, const char* doing) {
  if (code == MDB_SUCCESS) return true;
  if (code == MDB_NOTFOUND) return false;
  throw damaged_data(lmdb_error(code, doing).message);
}

/// The value as it was written.
std::string_view opened(lmdb_table table, std::string_view key, std::string_view stored) {
  if (!table.sealed) return stored;
  if (auto value = checked_value(key, stored)) return *value;
  throw damaged_data("a value of " + std::string(table.sealed) + " is damaged");
}

/// A cursor for the length of one read.
class read_cursor {
 public:
  read_cursor(MDB_txn* txn, unsigned dbi) {
    found(mdb_cursor_open(txn, dbi, &cursor_), "opening a cursor");
  }
  ~read_cursor() { mdb_cursor_close(cursor_); }
  read_cursor(const read_cursor&) = delete;
  bool move(MDB_val& key, MDB_val& value, MDB_cursor_op op) {
    return found(mdb_cursor_get(cursor_, &key, &value, op), "reading");
  }

 private:
  MDB_cursor* cursor_ = nullptr;
};

result<void> done(int code, const char* doing) {
  if (code == MDB_SUCCESS) return {};
  return tl::unexpected(lmdb_error(code, doing));
}

}  // namespace

error lmdb_error(int code, std::string_view doing) {
  errc kind = errc::internal;
  const bool no_room = code == MDB_MAP_FULL || code == ENOSPC || code == EDQUOT;
  if (code == MDB_NOTFOUND) kind = errc::not_found;
  if (no_room || code == MDB_READERS_FULL || code == MDB_TXN_FULL) kind = errc::resource_exhausted;
  error e{kind, "lmdb: " + std::string(doing) + ": " + mdb_strerror(code), {}, {}, 0};
  if (no_room) e.detail_name = full;
  return e;
}

bool is_full(const error& e) {
  return e.code == errc::resource_exhausted && e.detail_name == full;
}

std::uint64_t integer_of(std::string_view key) {
  SB_INVARIANT(key.size() == sizeof(std::uint64_t));
  std::uint64_t value;
  std::memcpy(&value, key.data(), sizeof value);
  return value;
}

lmdb_txn::lmdb_txn(lmdb_txn&& other) noexcept : txn_(std::exchange(other.txn_, nullptr)) {}

lmdb_txn& lmdb_txn::operator=(lmdb_txn&& other) noexcept {
  std::swap(txn_, other.txn_);
  return *this;
}

lmdb_txn::~lmdb_txn() {
  if (txn_) mdb_txn_abort(txn_);
}

std::optional<std::string_view> lmdb_txn::get(lmdb_table table, std::string_view key) const {
  if (!legal(key)) return std::nullopt;
  MDB_val k = to_val(key);
  MDB_val v;
  if (!found(mdb_get(txn_, table.dbi, &k, &v), "reading")) return std::nullopt;
  return opened(table, key, to_view(v));
}

void lmdb_txn::scan(lmdb_table table, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const {
  if (from.size() > max_key) return;
  read_cursor cursor(txn_, table.dbi);
  MDB_val k = to_val(from);
  MDB_val v;
  bool more = cursor.move(k, v, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
  while (more && visit(to_view(k), opened(table, to_view(k), to_view(v))))
    more = cursor.move(k, v, MDB_NEXT);
}

std::optional<lmdb_entry> lmdb_txn::first(lmdb_table table) const {
  read_cursor cursor(txn_, table.dbi);
  MDB_val k, v;
  if (!cursor.move(k, v, MDB_FIRST)) return std::nullopt;
  return lmdb_entry{to_view(k), to_view(v)};
}

std::optional<lmdb_entry> lmdb_txn::last(lmdb_table table) const {
  read_cursor cursor(txn_, table.dbi);
  MDB_val k, v;
  if (!cursor.move(k, v, MDB_LAST)) return std::nullopt;
  return lmdb_entry{to_view(k), to_view(v)};
}

std::size_t lmdb_txn::count(lmdb_table table) const {
  MDB_stat stat;
  found(mdb_stat(txn_, table.dbi, &stat), "counting");
  return stat.ms_entries;
}

lmdb_write::lmdb_write(lmdb_write&& other) noexcept
    : lmdb_txn(std::move(other)),
      cursor_(std::exchange(other.cursor_, nullptr)),
      cursor_dbi_(other.cursor_dbi_) {}

lmdb_write::~lmdb_write() {
  close_cursor();
}

void lmdb_write::close_cursor() {
  if (cursor_) mdb_cursor_close(std::exchange(cursor_, nullptr));
}

result<void> lmdb_write::put(lmdb_table table, std::string_view key, std::string_view value) {
  if (table.sealed) {
    table.sealed = nullptr;
    return put(table, key, value, checksum_of(key, value).view());
  }
  if (!legal(key)) return fail(errc::invalid_argument, "lmdb: a key has 1 to 511 bytes");
  close_cursor();
  MDB_val k = to_val(key), v = to_val(value);
  return done(mdb_put(txn_, table.dbi, &k, &v, 0), "writing");
}

result<void> lmdb_write::put(lmdb_table table, std::string_view key, std::string_view value,
                             std::string_view tail) {
  if (!legal(key)) return fail(errc::invalid_argument, "lmdb: a key has 1 to 511 bytes");
  close_cursor();
  MDB_val k = to_val(key), v{value.size() + tail.size(), nullptr};
  if (int rc = mdb_put(txn_, table.dbi, &k, &v, MDB_RESERVE)) return done(rc, "writing");
  auto* into = static_cast<char*>(v.mv_data);
  if (!value.empty()) std::memcpy(into, value.data(), value.size());
  if (!tail.empty()) std::memcpy(into + value.size(), tail.data(), tail.size());
  return {};
}

result<void> lmdb_write::append(lmdb_table table, std::string_view key, std::string_view value) {
  if (cursor_ && cursor_dbi_ != table.dbi) close_cursor();
  if (!cursor_) {
    if (int rc = mdb_cursor_open(txn_, table.dbi, &cursor_)) return done(rc, "opening a cursor");
    cursor_dbi_ = table.dbi;
  }
  MDB_val k = to_val(key), v = to_val(value);
  return done(mdb_cursor_put(cursor_, &k, &v, MDB_APPEND), "appending");
}

result<void> lmdb_write::erase(lmdb_table table, std::string_view key) {
  if (!legal(key)) return {};
  // LMDB 0.9.24 has had faults in deletes beside open cursors: there is none then.
  close_cursor();
  MDB_val k = to_val(key);
  int rc = mdb_del(txn_, table.dbi, &k, nullptr);
  return done(rc == MDB_NOTFOUND ? MDB_SUCCESS : rc, "erasing");
}

result<void> lmdb_write::clear(lmdb_table table) {
  close_cursor();
  return done(mdb_drop(txn_, table.dbi, 0), "clearing a table");
}

namespace {

/// Whether the disk has less left than a commit may write.
bool has_little_room(const char* dir) {
  constexpr std::uint64_t little = std::uint64_t{16} << 20;
  struct statvfs disk {};
  return dir && ::statvfs(dir, &disk) == 0 && std::uint64_t{disk.f_bavail} * disk.f_frsize < little;
}

}  // namespace

result<void> lmdb_write::commit() {
  close_cursor();
  const char* dir = nullptr;
  mdb_env_get_path(mdb_txn_env(txn_), &dir);
  int code = mdb_txn_commit(std::exchange(txn_, nullptr));
  // A disk that takes a part of what is written and no more is EIO to LMDB.
  if (code == EIO && has_little_room(dir)) code = ENOSPC;
  return done(code, "committing");
}

}  // namespace switchboard::store
