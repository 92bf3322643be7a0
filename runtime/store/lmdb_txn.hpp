#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"

struct MDB_txn;
struct MDB_cursor;

namespace switchboard::store {

/// The order of a table's keys, fixed when it is made.
enum class key_order : std::uint8_t {
  /// Byte strings of 1 to 511 bytes, compared as memcmp does.
  bytes,
  /// 8-byte unsigned integers of this machine (see `integer_key`).
  integer,
};

/// A named table of one environment; cheap to copy, valid as long as the environment.
struct lmdb_table {
  unsigned dbi = 0;
  /// Not null: its values carry a checksum (sealed_tables.hpp), which reads look at and take off,
  /// and writes put on. What errors call its owner.
  const char* sealed = nullptr;
};

/// The bytes of an integer key, for the calls below. Views its argument.
inline std::string_view integer_key(const std::uint64_t& key) {
  return {reinterpret_cast<const char*>(&key), sizeof key};
}
std::uint64_t integer_of(std::string_view key);

/// One entry; views into the map, valid while the transaction lives and, in a write, until its next
/// change.
struct lmdb_entry {
  std::string_view key;
  std::string_view value;
};

/// What reading and writing transactions share. Used by one thread at a time. Reads throw
/// `damaged_data` where LMDB finds a page that it cannot follow, and where the checksum of a value
/// in a sealed table is wrong.
class lmdb_txn {
 public:
  lmdb_txn(lmdb_txn&& other) noexcept;
  lmdb_txn& operator=(lmdb_txn&& other) noexcept;
  virtual ~lmdb_txn();

  /// A key longer than LMDB allows, or empty, is not there.
  std::optional<std::string_view> get(lmdb_table table, std::string_view key) const;
  /// Visits entries with key >= `from` in key order while `visit` returns true; `from` may be
  /// empty, for all.
  void scan(lmdb_table table, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
  /// Of tables that are not sealed.
  std::optional<lmdb_entry> first(lmdb_table table) const;
  std::optional<lmdb_entry> last(lmdb_table table) const;
  std::size_t count(lmdb_table table) const;

 protected:
  friend class lmdb_env;
  explicit lmdb_txn(MDB_txn* txn) : txn_(txn) {}
  MDB_txn* txn_;
};

class lmdb_read : public lmdb_txn {
 public:
  using lmdb_txn::lmdb_txn;
};

/// Aborts when it is dropped without `commit`. After an error the transaction can only be dropped.
class lmdb_write : public lmdb_txn {
 public:
  using lmdb_txn::lmdb_txn;
  lmdb_write(lmdb_write&& other) noexcept;
  lmdb_write& operator=(lmdb_write&& other) = delete;
  ~lmdb_write() override;

  result<void> put(lmdb_table table, std::string_view key, std::string_view value);
  /// The value and `tail` behind it, without joining them before.
  result<void> put(lmdb_table table, std::string_view key, std::string_view value,
                   std::string_view tail);
  /// `key` is above every key of the table, which is not sealed; several times faster than `put`.
  result<void> append(lmdb_table table, std::string_view key, std::string_view value);
  /// Erasing what is not there is no error.
  result<void> erase(lmdb_table table, std::string_view key);
  /// Takes every entry out, keeps the table.
  result<void> clear(lmdb_table table);
  /// On disk when it answers well. A failed commit is final for data others may have acted on:
  /// never try it again.
  result<void> commit();

 private:
  void close_cursor();
  MDB_cursor* cursor_ = nullptr;
  unsigned cursor_dbi_ = 0;
};

/// An LMDB return code as an error that says what was being done.
error lmdb_error(int code, std::string_view doing);
/// Whether map or disk had no room: nothing was changed, and the same may be tried again when there
/// is.
bool is_full(const error& e);

}  // namespace switchboard::store
